internal import DICOMCore

extension PreScanFinding: CustomStringConvertible {
  /// The rule's name, what it says, and the place: `nesting-depth, sequences too deep inside each other, at byte 4711`.
  package var description: String {
    let element = tag.map { " in \(Tag(UInt16($0 >> 16), UInt16($0 & 0xFFFF)))" } ?? ""
    let sizes = amounts.map { " (\($0.found), \(rule.isMinimum ? "needed are" : "allowed are") \($0.bound))" } ?? ""
    return "\(rule.rawValue), \(rule.meaning)\(sizes), at byte \(position)\(element)"
  }
}

extension PreScanRule {
  /// Whether the bound is one from below.
  fileprivate var isMinimum: Bool { self == .nativeLength || self == .expansionRatio || self == .valueBeyondEnd }

  fileprivate var meaning: String {
    switch self {
    case .metaInformation: "file meta information that is too long or names no transfer syntax"
    case .valueBeyondEnd: "the file ends too early"
    case .valueBeyondParent: "a value longer than the item it is in"
    case .sequenceStructure: "items and delimiters out of order"
    case .nestingDepth: "sequences too deep inside each other"
    case .elementCount: "too many data elements"
    case .deflateStream: "not a deflated data set"
    case .inflatedSize: "inflates to too many bytes"
    case .frameSize: "a frame of too many bytes"
    case .frameCount: "too many frames"
    case .nativeLength: "fewer bytes of pixel data than the image attributes ask for"
    case .expansionRatio: "a code stream of too few bytes for so many pixels"
    case .uidSyntax: "not a UID"
    }
  }
}
