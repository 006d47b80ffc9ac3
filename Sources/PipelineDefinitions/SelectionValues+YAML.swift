internal import DICOMCore
internal import Findings

extension YAMLReader where Value == String {
  /// A value of Modality (0008,0060): the standard's defined terms have two to four capitals.
  static var modality: YAMLReader {
    scalar("a modality such as DX, in capitals") { text in
      let isTerm = (2...16).contains(text.utf8.count) && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
      return isTerm ? text : nil
    }
  }

  /// A value of VR CS, such as those of Image Type and View Position: capitals, digits, space and underscore.
  static var codeString: YAMLReader {
    scalar("a value such as ORIGINAL, in capitals") { isCodeString($0) ? $0 : nil }
  }

  /// A value of Image Laterality (0020,0062).
  static var laterality: YAMLReader {
    scalar("L, R, U (unpaired) or B (both)") { ["L", "R", "U", "B"].contains($0) ? $0 : nil }
  }

  private static func isCodeString(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy {
      (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x5F
    }
    return isPlain && (1...16).contains(text.utf8.count)
  }

  /// A value to compare Body Part Examined (0018,0015) with.
  static var bodyPart: YAMLReader {
    scalar("a value of Body Part Examined such as CHEST") { isCodeString($0) ? $0 : nil }
  }
}

extension YAMLReader where Value == UID {
  static var uid: YAMLReader {
    scalar("a UID such as 1.2.840.10008.5.1.4.1.1.1") { UID($0) }
  }
}

extension YAMLReader where Value == TextPattern {
  /// A pattern for Series Description (0008,103E).
  static var textPattern: YAMLReader {
    scalar("text of at most 64 characters; * stands for any characters, ? for one") { text in
      text.count <= 64 ? TextPattern(text) : nil
    }
  }
}

extension YAMLReader where Value == ClosedRange<Double>? {
  /// `{minimum: 0.5, maximum: 5}`, both in mm; either may be left out.
  static var millimetres: YAMLReader {
    let expected = "a range in mm such as {minimum: 0.5, maximum: 5}"
    return YAMLReader(expected) { node, problems in
      guard let map = YAMLMapping(node, expected, keys: ["minimum", "maximum"], problems) else { return nil }
      let limits = YAMLReader<Double>.number(in: 0...1000, unit: " mm")
      let minimum = map.optional("minimum", limits, default: 0)
      let maximum = map.optional("maximum", limits, default: 1000)
      guard let minimum, let maximum else { return nil }
      guard minimum <= maximum else {
        problems.add(node.place, "found a minimum above the maximum", expected: expected)
        return nil
      }
      return minimum...maximum
    }
  }
}

extension YAMLReader where Value == VolumeRules.Sampling {
  /// `all`, `{every: 3}` or `{count: 16}`.
  static var sampling: YAMLReader {
    let expected = "all, {every: 3} or {count: 16}"
    return YAMLReader(expected) { node, problems in
      if case .text("all") = node.content { return .all }
      guard case .mapping(let pairs) = node.content, pairs.count == 1 else {
        problems.add(node.place, node.found, expected: expected)
        return nil
      }
      guard let map = YAMLMapping(node, expected, keys: ["every", "count"], problems) else { return nil }
      if map.node("every") != nil { return map.required("every", .integer(in: 2...1000)).map { .every($0) } }
      return map.required("count", .integer(in: 1...1000)).map { .count($0) }
    }
  }
}
