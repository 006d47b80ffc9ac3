/// The header of a safetensors file: checked so far that every tensor may be read without a further look.
///
/// The format: eight bytes with the header's length, little endian; the header, a JSON object from tensor name to
/// `dtype`, `shape` and `data_offsets`, with free text under `__metadata__`; the values, without holes.
struct SafetensorsHeader: Sendable {
  static let maximumLength = 100_000_000
  static let metadataName = "__metadata__"

  /// In the order of their names.
  let entries: [TensorEntry]
  let metadata: [String: String]

  /// - Throws: ``SafetensorsError``, at the first tensor in file order that breaks a rule.
  init(of file: MappedFile) throws(SafetensorsError) {
    let path = file.path
    guard file.count >= 8 else { throw .tooShort(file: path, byteCount: file.count) }
    let length = file.withBytes(0..<8) { $0.littleEndian(at: 0, as: UInt64.self) }
    let limit = min(Self.maximumLength, file.count - 8)
    guard length <= UInt64(limit) else { throw .headerLength(file: path, length: length, limit: limit) }
    let dataStart = 8 + Int(length)
    let text = file.withBytes(8..<dataStart) { bytes in
      bytes.byteOffsets.map { bytes.littleEndian(at: $0, as: UInt8.self) }
    }
    let document: JSONValue
    do throws(JSONSyntaxError) {
      document = try JSONValue(parsing: text)
    } catch {
      throw .headerSyntax(file: path, error)
    }
    guard let members = document.members else {
      throw .headerEntry(file: path, entry: "", expected: "an object, found \(document.kind)")
    }

    var metadata: [String: String] = [:]
    var entries: [TensorEntry] = []
    for member in members {
      if member.name == Self.metadataName {
        metadata = try Self.metadata(member.value, file: path)
      } else {
        entries.append(try Self.entry(member, dataStart: dataStart, file: file))
      }
    }
    try Self.checkContiguity(entries, dataStart: dataStart, file: file)
    self.metadata = metadata
    self.entries = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func metadata(_ value: JSONValue, file: String) throws(SafetensorsError) -> [String: String] {
    guard let members = value.members else {
      throw .headerEntry(file: file, entry: metadataName, expected: "an object, found \(value.kind)")
    }
    var metadata: [String: String] = [:]
    for member in members {
      guard let text = member.value.text else {
        throw .headerEntry(file: file, entry: metadataName, expected: "strings only, found \(member.value.kind)")
      }
      metadata[member.name] = text
    }
    return metadata
  }

  private static func entry(
    _ member: JSONMember, dataStart: Int, file: MappedFile
  ) throws(SafetensorsError) -> TensorEntry {
    let (name, value) = (member.name, member.value)
    guard let typeName = value["dtype"]?.text else {
      throw .headerEntry(file: file.path, entry: name, expected: "a string \"dtype\"")
    }
    guard let type = TensorType(rawValue: typeName) else {
      throw .unknownType(file: file.path, tensor: name, type: typeName)
    }
    let shape = try wholeNumbers(value, "shape", of: name, file: file.path)
    let offsets = try wholeNumbers(value, "data_offsets", of: name, file: file.path)
    guard offsets.count == 2 else {
      throw .headerEntry(file: file.path, entry: name, expected: "two \"data_offsets\"")
    }
    let (begin, end, dataCount) = (offsets[0], offsets[1], file.count - dataStart)
    guard begin <= end, end <= dataCount else {
      throw .offsets(file: file.path, tensor: name, begin: begin, end: end, dataCount: dataCount)
    }
    guard let byteCount = product(of: shape + [type.size]) else {
      throw .sizeOverflow(file: file.path, tensor: name, shape: shape)
    }
    guard byteCount == end - begin else {
      throw .byteCount(file: file.path, tensor: name, expected: byteCount, found: end - begin)
    }
    return TensorEntry(name: name, type: type, shape: shape, bytes: (dataStart + begin)..<(dataStart + end))
  }

  /// The member `key`: an array of integers from 0 up.
  private static func wholeNumbers(
    _ value: JSONValue, _ key: String, of name: String, file: String
  ) throws(SafetensorsError) -> [Int] {
    let numbers = value[key]?.elements?.map { $0.integer ?? -1 }
    guard let numbers, numbers.allSatisfy({ $0 >= 0 }) else {
      throw .headerEntry(file: file, entry: name, expected: "an array of whole numbers \"\(key)\"")
    }
    return numbers
  }

  /// The product, or `nil` where it, or the product of the extents other than 0, overflows.
  static func product(of extents: [Int]) -> Int? {
    var product = 1
    for extent in extents where extent != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return extents.contains(0) ? 0 : product
  }

  /// Tensors must follow one another from the first byte of data to the last.
  private static func checkContiguity(
    _ entries: [TensorEntry], dataStart: Int, file: MappedFile
  ) throws(SafetensorsError) {
    var end = dataStart
    let inFileOrder = entries.sorted {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    for entry in inFileOrder {
      guard entry.bytes.lowerBound == end else {
        throw .gap(
          file: file.path, tensor: entry.name, expected: end - dataStart, found: entry.bytes.lowerBound - dataStart)
      }
      end = entry.bytes.upperBound
    }
    guard end == file.count else {
      throw .trailingBytes(file: file.path, expected: end - dataStart, found: file.count - dataStart)
    }
  }
}
