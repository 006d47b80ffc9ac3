/// A coded concept: code value, coding scheme designator and code meaning (PS3.3 8.8).
package struct CodedConcept: Sendable, Hashable, Codable {
  /// Code Value (0008,0100), at most 16 characters.
  package let value: String
  /// Coding Scheme Designator (0008,0102), at most 16 characters, such as `DCM`, `SCT` or `UCUM`.
  package let scheme: String
  /// Code Meaning (0008,0104), at most 64 characters.
  package let meaning: String

  package init(_ value: String, _ scheme: String, _ meaning: String) {
    self.value = value
    self.scheme = scheme
    self.meaning = meaning
  }
}
