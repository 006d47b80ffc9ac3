/// The check digit of SNOMED CT identifiers.
///
/// J. Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29, 1969, as the SNOMED CT Release File
/// Specifications prescribe it.
enum VerhoeffChecksum {
  /// The multiplication table of the dihedral group D5.
  private static let product: [[Int]] = (0..<10).map { a in
    (0..<10).map { b in
      switch (a < 5, b < 5) {
      case (true, true): (a + b) % 5
      case (true, false): (a + b) % 5 + 5
      case (false, true): (a - b) % 5 + 5
      case (false, false): (a - b + 5) % 5
      }
    }
  }

  /// The permutation that is applied once more for each position from the right.
  private static let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

  /// Whether the last digit of `digits` is the check digit of the others; false for anything but ASCII digits.
  static func isValid(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
    var check = 0
    for (position, digit) in digits.reversed().enumerated() {
      guard (0x30...0x39).contains(digit) else { return false }
      var value = Int(digit - 0x30)
      for _ in 0..<position % 8 { value = permutation[value] }
      check = product[check][value]
    }
    return check == 0
  }
}
