internal import DICOMCore

/// The windows and VOI LUTs that an instance carries for a frame (PS3.3 C.11.2), read tolerantly.
struct InstanceVOI: Sendable {
  private let item: DataSet
  private let origin: FrameAttributes.Origin
  /// Whether an input of a VOI LUT may be negative, which makes its first value mapped signed (PS3.3 C.11.2.1.1).
  private let inputIsSigned: Bool

  init(of attributes: FrameAttributes, inputIsSigned: Bool) {
    (item, origin) = attributes.voi
    self.inputIsSigned = inputIsSigned
  }

  /// What the instance says of how it wants to be shown.
  enum Preferred {
    case transform(VOISelection)
    /// There is nothing.
    case absent
    /// There is something, and it cannot be used.
    case unusable(TransformWarning)
  }

  /// The first VOI LUT, else the first window. A LUT that cannot be used gives way to a window that can: the standard
  /// calls them alternatives (PS3.3 C.11.2.1).
  func preferred() -> Preferred {
    var problem: TransformWarning?
    if !lookups.isEmpty {
      do {
        return .transform(try lookup(at: 0))
      } catch {
        problem = TransformWarning(.voiLUTUnusable, "VOI LUT not used: \(error)")
      }
    }
    do {
      guard let window = try window(at: 0) else {
        if problem == nil, item.holds(.windowCenter) || item.holds(.windowWidth) {
          problem = TransformWarning(.windowUnusable, "window incomplete in the instance")
        }
        return problem.map { .unusable($0) } ?? .absent
      }
      return .transform(problem.map(window.adding) ?? window)
    } catch {
      return .unusable(problem ?? TransformWarning(.windowUnusable, "window not used: \(error)"))
    }
  }

  /// The window or VOI LUT asked for.
  ///
  /// - Throws: ``PixelTransformError/windowNotInInstance(_:windows:lookups:)``, or what is wrong with it.
  func chosen(_ choice: FileWindow) throws(PixelTransformError) -> VOISelection {
    let found: VOISelection?
    switch choice {
    case .window(let number): found = try window(at: number - 1)
    case .lookup(let number): found = lookups.indices.contains(number - 1) ? try lookup(at: number - 1) : nil
    case .explanation(let text): found = try explained(by: text)
    }
    guard let found else { throw .windowNotInInstance(choice, windows: windowCount, lookups: lookups.count) }
    return found.adding("selected_by", choice.selection)
  }

  private var lookups: [DataSet] { item.items(.voilutSequence) }
  private var windowCount: Int { min(item.valueCount(.windowCenter), item.valueCount(.windowWidth)) }

  private func lookup(at index: Int) throws(PixelTransformError) -> VOISelection {
    let table = try LookupTable(in: lookups[index], inputIsSigned: inputIsSigned)
    let params: [String: ParameterValue] = [
      "source": "dicom", "origin": .string(origin.rawValue), "index": .integer(index),
      "window_ignored": .boolean(item.holds(.windowCenter) && item.holds(.windowWidth)),
    ]
    return VOISelection(
      channels: [.lookup(table)], name: "voi-lut", params: params.merging(table.parameters) { first, _ in first })
  }

  /// `nil` when center or width is absent.
  private func window(at index: Int) throws(PixelTransformError) -> VOISelection? {
    guard let center = try item.number(.windowCenter, at: index), let width = try item.number(.windowWidth, at: index)
    else { return nil }
    let window = VOIWindow(center: center, width: width, function: try function())
    try window.check()
    return VOISelection(
      channels: [.window(window)], name: "voi-window",
      params: [
        "source": "dicom", "origin": .string(origin.rawValue), "index": .integer(index),
        "available": .integer(windowCount),
      ])
  }

  /// VOI LUT Function, LINEAR when absent (PS3.3 C.11.2.1.3).
  private func function() throws(PixelTransformError) -> VOILUTFunction {
    guard let text = item.string(.voilutFunction) else { return .linear }
    guard let function = VOILUTFunction(rawValue: text) else { throw .unknownVOILUTFunction }
    return function
  }

  private func explained(by text: String) throws(PixelTransformError) -> VOISelection? {
    let wanted = FileWindow.comparable(text)
    func matches(_ explanation: String) -> Bool { FileWindow.comparable(explanation) == wanted }
    if let index = lookups.firstIndex(where: { $0.strings(.lutExplanation).contains(where: matches) }) {
      return try lookup(at: index)
    }
    guard let index = item.strings(.windowCenterWidthExplanation).firstIndex(where: matches) else { return nil }
    return try window(at: index)
  }
}

extension FileWindow {
  /// For the record. An explanation goes in as the user wrote it, never as the file has it: free text may name a patient.
  fileprivate var selection: ParameterValue {
    switch self {
    case .window, .lookup: .object(["index": .string(spelling)])
    case .explanation(let text): .object(["explanation": .string(text)])
    }
  }
}

extension DataSet {
  /// Whether the attribute has a first value, of whatever kind.
  fileprivate func holds(_ tag: Tag) -> Bool {
    switch self[tag]?.value {
    case .strings(let values)?: values.first.map { !$0.trimmingPadding().isEmpty } ?? false
    default: valueCount(tag) > 0
    }
  }
}
