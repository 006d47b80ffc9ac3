package import DICOMCore

/// Something about a transformation that whoever looks at the result should know; part of the step's record.
package struct TransformWarning: Sendable, Equatable {
  /// A stable word for the kind of warning.
  package enum Code: String, Sendable, CaseIterable {
    /// The instance's window breaks the rules of PS3.3 C.11.2 and was left out.
    case windowUnusable = "window-unusable"
    case voiLUTUnusable = "voi-lut-unusable"
    /// The three windows for CT need Hounsfield units, which the image does not have.
    case windowDefaultNotApplied = "window-default-not-applied"
    /// A window in Hounsfield units was applied to values that are not known to be in that unit.
    case windowUnitAssumed = "window-unit-assumed"
    /// A window of series percentiles was taken from the frame alone.
    case seriesUnknown = "series-percentiles-of-one-frame"
  }

  package let code: Code
  package let text: String

  init(_ code: Code, _ text: String) {
    self.code = code
    self.text = text
  }
}

extension TransformWarning {
  /// As it stands in the list `warnings` of a step's record.
  var parameter: ParameterValue { ["code": .string(code.rawValue), "text": .string(text)] }

  init?(_ parameter: ParameterValue) {
    guard case .object(let members) = parameter, case .string(let word)? = members["code"],
      let code = Code(rawValue: word), case .string(let text)? = members["text"]
    else { return nil }
    self.init(code, text)
  }
}

extension ProcessingStep {
  /// What the step warns of, in order.
  package var warnings: [TransformWarning] {
    guard case .array(let warnings)? = params["warnings"] else { return [] }
    return warnings.compactMap(TransformWarning.init)
  }
}
