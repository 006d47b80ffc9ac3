package import DICOMCore

/// One content item of an SR document tree (PS3.3 C.17.3), as a value.
package struct ContentItem: Sendable, Equatable {
  /// Relationship Type (0040,A010) of an item to its parent.
  package enum Relationship: String, Sendable {
    case contains = "CONTAINS"
    case hasObservationContext = "HAS OBS CONTEXT"
    case hasAcquisitionContext = "HAS ACQ CONTEXT"
    case hasConceptModifier = "HAS CONCEPT MOD"
  }

  /// What the item holds, by Value Type (0040,A040).
  package enum Value: Sendable, Equatable {
    /// With the identifier of the DCMR template it follows, if any.
    case container(template: String?)
    case code(CodedConcept)
    case text(String)
    case uid(UID)
    case number(Double, unit: CodedConcept)
    /// Frames from 1; empty for the whole image.
    case image(sopClass: UID, sopInstance: UID, frames: [Int])
  }

  /// `nil` for the root.
  package let relationship: Relationship?
  package let name: CodedConcept?
  package let value: Value
  package let children: [ContentItem]

  package init(
    _ relationship: Relationship?, _ name: CodedConcept?, _ value: Value, children: [ContentItem] = []
  ) {
    self.relationship = relationship
    self.name = name
    self.value = value
    self.children = children
  }

  /// The item and everything below it, parents first.
  package var flattened: [ContentItem] { [self] + children.flatMap(\.flattened) }

  /// Every coded concept the tree uses: names, values and units.
  package var concepts: [CodedConcept] {
    flattened.flatMap { item in
      switch item.value {
      case .code(let code): [item.name, code].compactMap(\.self)
      case .number(_, let unit): [item.name, unit].compactMap(\.self)
      default: [item.name].compactMap(\.self)
      }
    }
  }
}

// MARK: - Attributes

extension ContentItem {
  /// The item's attributes: Document Relationship and Document Content macros (PS3.3 C.17.3.2.4, C.17.3.2.1).
  package var dataSet: DataSet {
    var item = DataSet()
    if let relationship { item.set(.relationshipType, .cs, relationship.rawValue) }
    item.set(.valueType, .cs, valueType)
    if let name { item.set(.conceptNameCodeSequence, items: [name.dataSet]) }
    setValue(in: &item)
    if !children.isEmpty { item.set(.contentSequence, items: children.map(\.dataSet)) }
    return item
  }

  private var valueType: String {
    switch value {
    case .container: "CONTAINER"
    case .code: "CODE"
    case .text: "TEXT"
    case .uid: "UIDREF"
    case .number: "NUM"
    case .image: "IMAGE"
    }
  }

  private func setValue(in item: inout DataSet) {
    switch value {
    case .container(let template):
      item.set(.continuityOfContent, .cs, "SEPARATE")
      if let template { item.set(.contentTemplateSequence, items: [Self.templateIdentification(template)]) }
    case .code(let code): item.set(.conceptCodeSequence, items: [code.dataSet])
    case .text(let text): item.set(.textValue, .ut, text)
    case .uid(let uid): item.set(.uidValue, uid)
    case .number(let number, let unit):
      item.set(.measuredValueSequence, items: [Self.measuredValue(number, unit: unit)])
    case .image(let sopClass, let sopInstance, let frames):
      item.set(.referencedSOPSequence, items: [Self.reference(sopClass, sopInstance, frames: frames)])
    }
  }

  private static func templateIdentification(_ identifier: String) -> DataSet {
    var item = DataSet()
    item.set(.mappingResource, .cs, "DCMR")
    item.set(.mappingResourceUID, .ui, "1.2.840.10008.8.1.1")
    item.set(.templateIdentifier, .cs, identifier)
    return item
  }

  /// Numeric Value is a DS and may be rounded; Floating Point Value is exact (PS3.3 C.18.1).
  private static func measuredValue(_ number: Double, unit: CodedConcept) -> DataSet {
    var item = DataSet()
    item.set(.measurementUnitsCodeSequence, items: [unit.dataSet])
    item.set(.numericValue, .ds, decimalString(number))
    item.set(.floatingPointValue, .fd, floats: [number])
    return item
  }

  private static func reference(_ sopClass: UID, _ sopInstance: UID, frames: [Int]) -> DataSet {
    var item = DataSet()
    item.set(.referencedSOPClassUID, sopClass)
    item.set(.referencedSOPInstanceUID, sopInstance)
    if !frames.isEmpty { item.set(.referencedFrameNumber, .is, strings: frames.map(String.init)) }
    return item
  }
}

extension CodedConcept {
  /// The item of a code sequence (PS3.3 8.8).
  var dataSet: DataSet {
    var item = DataSet()
    item.set(.codeValue, .sh, value)
    item.set(.codingSchemeDesignator, .sh, scheme)
    item.set(.codeMeaning, .lo, meaning)
    return item
  }
}
