/// What is wrong with a coded concept, as far as that can be told without a terminology server.
package enum CodeProblem: Sendable, Equatable {
  /// A value, scheme or meaning that is empty, too long, padded or holds a control character or backslash.
  case malformed(String)
  /// An identifier that its coding scheme cannot contain.
  case impossible(String)
  /// A concept or scheme that is no longer to be used.
  case retired(String)
  /// A concept that exists but does not mean what lists in circulation use it for, or must not be asserted.
  case trap(String)
}

extension CodeProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let text), .impossible(let text), .retired(let text), .trap(let text): text
    }
  }
}

extension CodedConcept {
  /// Checks a code of any scheme before it is written.
  ///
  /// - Returns: `nil` for a triple that fits its attributes, is none of the known traps, and whose identifier its scheme
  ///   can contain.
  package var problem: CodeProblem? {
    malformedPart ?? knownTrap ?? impossibleIdentifier
  }

  /// Checks the code triple of a finding or a finding site: ``problem``, and the schemes that findings come from.
  ///
  /// - Returns: `nil` for a code that may be used: SCT, DCM, RADLEX, UMLS or a private scheme that starts with 99
  ///   (PS3.16 chapter 8).
  package var problemAsFinding: CodeProblem? {
    if let problem { return problem }
    let isPrivate = scheme.hasPrefix("99") && scheme.utf8.count > 2
    guard isPrivate || ["SCT", "DCM", "RADLEX", "UMLS"].contains(scheme) else {
      return .impossible("the scheme is none of SCT, DCM, RADLEX, UMLS or a private one that starts with 99")
    }
    return nil
  }

  private var malformedPart: CodeProblem? {
    for (part, text, limit) in [("value", value, 16), ("scheme", scheme, 16), ("meaning", meaning, 64)] {
      if text.isEmpty { return .malformed("the code \(part) is empty") }
      if text.unicodeScalars.count > limit { return .malformed("the code \(part) is longer than \(limit) characters") }
      if text.first == " " || text.last == " " { return .malformed("the code \(part) starts or ends with a space") }
      if text.unicodeScalars.contains(where: { $0.isControl || $0 == "\\" }) {
        return .malformed("the code \(part) holds a control character or a backslash")
      }
    }
    return nil
  }

  private var impossibleIdentifier: CodeProblem? {
    let digits = value.utf8
    let isNumber = digits.allSatisfy { (0x30...0x39).contains($0) }
    switch scheme {
    case "SCT":
      guard isNumber, digits.count >= 6, digits.first != 0x30 else {
        return .impossible("a SNOMED CT identifier has 6 to 16 digits and does not start with 0")
      }
      guard VerhoeffChecksum.isValid(digits) else {
        return .impossible("the check digit of the SNOMED CT identifier \(value) does not hold")
      }
      guard ["00", "10"].contains(String(value.suffix(3).prefix(2))) else {
        return .impossible("the SNOMED CT identifier \(value) does not name a concept")
      }
    case "DCM":
      // Modalities are letters (PS3.16 CID 29), everything else six digits.
      let isModality = digits.count <= 8 && digits.allSatisfy { (0x41...0x5A).contains($0) }
      guard isModality || (isNumber && digits.count == 6) else {
        return .impossible("a DCM code has six digits, or the letters of a modality")
      }
    case "RADLEX":
      guard value.hasPrefix("RID"), Int(value.dropFirst(3)) != nil else {
        return .impossible("a RADLEX code is RID and a number")
      }
    case "UMLS":
      guard value.hasPrefix("C"), digits.count == 8, Int(value.dropFirst()) != nil else {
        return .impossible("a UMLS code is C and seven digits")
      }
    default: break
    }
    return nil
  }
}

extension Unicode.Scalar {
  /// C0 and C1 control characters and DEL.
  package var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}
