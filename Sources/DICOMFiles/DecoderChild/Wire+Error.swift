internal import DICOMCore

/// The errors of reading, in the order of their numbers on the wire.
private enum WireErrorKind: UInt8 {
  case permissionDenied, unreadable, notARegularFile, undecodableName, emptyFile
  case notDICOM, truncated, malformed, nestingTooDeep, missingAttribute, invalidAttribute, unsupportedAttribute
  case unsupportedTransferSyntax, pixelDataTooShort, frameTooLarge, unassignableFragments
  case frameOutOfRange, codeStreamMismatch, undecodableFrame, outOfMemory, structure, headerTooLarge
}

extension WireWriter {
  /// - Precondition: An error of reading: those of writing and of a lost child do not arise in one.
  mutating func put(_ error: DICOMFileError) {
    func kind(_ kind: WireErrorKind) { bytes.append(kind.rawValue) }
    switch error {
    case .permissionDenied: kind(.permissionDenied)
    case .unreadable(let code):
      kind(.unreadable)
      put(integer: Int(code))
    case .notARegularFile: kind(.notARegularFile)
    case .undecodableName: kind(.undecodableName)
    case .emptyFile: kind(.emptyFile)
    case .notDICOM: kind(.notDICOM)
    case .truncated(let detail):
      kind(.truncated)
      put(text: detail)
    case .malformed(let detail):
      kind(.malformed)
      put(text: detail)
    case .nestingTooDeep(let limit):
      kind(.nestingTooDeep)
      put(integer: limit)
    case .missingAttribute(let tag):
      kind(.missingAttribute)
      put(tag)
    case .invalidAttribute(let tag, let found):
      kind(.invalidAttribute)
      put(tag)
      put(integer: found)
    case .unsupportedAttribute(let tag, let found):
      kind(.unsupportedAttribute)
      put(tag)
      put(text: found)
    case .unsupportedTransferSyntax(let uid):
      kind(.unsupportedTransferSyntax)
      put(uid)
    case .pixelDataTooShort(let expected, let found): put(.pixelDataTooShort, expected, found)
    case .frameTooLarge(let size, let limit): put(.frameTooLarge, size, limit)
    case .headerTooLarge(let size, let limit): put(.headerTooLarge, size, limit)
    case .unassignableFragments(let fragments, let frames): put(.unassignableFragments, fragments, frames)
    case .frameOutOfRange(let index, let count): put(.frameOutOfRange, index, count)
    case .codeStreamMismatch(let tag, let attribute, let codeStream):
      kind(.codeStreamMismatch)
      put(tag)
      put(integer: attribute)
      put(integer: codeStream)
    case .undecodableFrame(let index, let detail):
      kind(.undecodableFrame)
      put(integer: index)
      put(text: detail)
    case .outOfMemory: kind(.outOfMemory)
    case .structure(let finding):
      kind(.structure)
      put(finding)
    case .memoryExceeded, .decoderLost, .cannotWrite, .cannotEncode, .inconsistentFrames, .characterSetMissing,
      .unwritableValue:
      preconditionFailure("not an error of reading")
    }
  }

  private mutating func put(_ kind: WireErrorKind, _ first: Int, _ second: Int) {
    bytes.append(kind.rawValue)
    put(integer: first)
    put(integer: second)
  }
}

extension WireWriter {
  mutating func put(_ finding: PreScanFinding) {
    put(text: finding.rule.rawValue)
    put(integer: finding.position)
    put(flag: finding.tag != nil)
    if let tag = finding.tag { put(tag) }
    put(flag: finding.amounts != nil)
    if let amounts = finding.amounts {
      put(integer: amounts.found)
      put(integer: amounts.bound)
    }
  }
}

extension WireReader {
  mutating func finding() throws(WireError) -> PreScanFinding {
    guard let rule = PreScanRule(rawValue: try text()) else { throw WireError(fact: "a rule does not exist") }
    let position = try integer(in: 0...Int.max)
    let tag = try flag() ? try number(UInt32.self) : nil
    guard try flag() else { return PreScanFinding(rule, at: position, tag: tag) }
    return PreScanFinding(rule, at: position, tag: tag, found: try integer(), bound: try integer())
  }

  mutating func fileError() throws(WireError) -> DICOMFileError {
    guard let kind = WireErrorKind(rawValue: try number()) else { throw WireError(fact: "an error does not exist") }
    switch kind {
    case .permissionDenied: return .permissionDenied
    case .unreadable: return .unreadable(errno: Int32(try integer(in: 0...4095)))
    case .notARegularFile: return .notARegularFile
    case .undecodableName: return .undecodableName
    case .emptyFile: return .emptyFile
    case .notDICOM: return .notDICOM
    case .truncated: return .truncated(detail: try shortText())
    case .malformed: return .malformed(detail: try shortText())
    case .nestingTooDeep: return .nestingTooDeep(limit: try integer())
    case .missingAttribute: return .missingAttribute(try tag())
    case .invalidAttribute: return .invalidAttribute(try tag(), found: try integer())
    case .unsupportedAttribute: return .unsupportedAttribute(try tag(), found: try shortText())
    case .unsupportedTransferSyntax: return .unsupportedTransferSyntax(try uid())
    case .pixelDataTooShort: return .pixelDataTooShort(expected: try integer(), found: try integer())
    case .frameTooLarge: return .frameTooLarge(bytes: try integer(), limit: try integer())
    case .unassignableFragments: return .unassignableFragments(fragments: try integer(), frames: try integer())
    case .frameOutOfRange:
      let index = try integer(in: 0...Int(Int32.max))
      return .frameOutOfRange(index: index, count: try integer())
    case .codeStreamMismatch:
      return .codeStreamMismatch(try tag(), attribute: try integer(), codeStream: try integer())
    case .undecodableFrame:
      let index = try integer(in: 0...Int(Int32.max))
      return .undecodableFrame(index: index, detail: try shortText())
    case .outOfMemory: return .outOfMemory
    case .structure: return .structure(try finding())
    case .headerTooLarge: return .headerTooLarge(bytes: try integer(), limit: try integer())
    }
  }
}
