internal import Foundation
internal import Tensors
internal import Testing

@Suite struct SafetensorsFileTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  // MARK: Hostile headers

  static let hostile: [(header: String, dataCount: Int, reason: String)] = [
    ("", 0, "not valid JSON"),
    ("[]", 0, "expected an object"),
    ("{\"a\":", 0, "not valid JSON"),
    ("{\"a\":1}", 0, "a string \"dtype\""),
    (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, "a string \"dtype\""),
    (#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, 4, "unknown type \"F99\""),
    (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4, "whole numbers \"shape\""),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "whole numbers \"shape\""),
    (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "whole numbers \"shape\""),
    (#"{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}"#, 4, "whole numbers \"shape\""),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "whole numbers \"data_offsets\""),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "two \"data_offsets\""),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 8, "two \"data_offsets\""),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "do not lie in 0...3"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "do not lie in 0...4"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#, 4, "do not lie in 0...4"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}}"#, 4, "\"data_offsets\""),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "make 8 bytes, the offsets hold 4"),
    (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, "overflows"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}"#, 0, "overflows"),
    (#"{"a":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, "overflows"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "begins at 4, expected 0"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, "take 4 bytes, the file holds 8"),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8, "begins at 4, expected 8"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8, "\"a\" is repeated"
    ),
    (#"{"__metadata__":[],"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "expected an object"),
    (#"{"__metadata__":{"n":1},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "strings only"),
  ]

  @Test(arguments: hostile.indices)
  func `a header that breaks a rule is refused with file, tensor and reason`(index: Int) throws {
    let (header, dataCount, reason) = Self.hostile[index]
    let path = try directory.file(header: header, data: [UInt8](repeating: 0, count: dataCount))
    #expect {
      try SafetensorsFile(path: path)
    } throws: { error in
      let text = "\(error)"
      return error is SafetensorsError && text.hasPrefix(path) && text.contains(reason)
    }
  }

  @Test func `a length that the file cannot hold is refused`() throws {
    for (bytes, expected) in [
      ([], SafetensorsError.tooShort(file: "", byteCount: 0)),
      ([1, 0, 0], .tooShort(file: "", byteCount: 3)),
      ([2, 0, 0, 0, 0, 0, 0, 0, 0x7B], .headerLength(file: "", length: 2, limit: 1)),
      ([UInt8](repeating: 0xFF, count: 8) + [0x7B], .headerLength(file: "", length: .max, limit: 1)),
    ] as [([UInt8], SafetensorsError)] {
      let path = try directory.file(bytes)
      #expect {
        try SafetensorsFile(path: path)
      } throws: {
        "\($0)" == path + "\(expected)"
      }
    }
  }

  @Test func `a header above 100 MB is refused before it is read`() throws {
    // A sparse file: the length says 100,000,001 bytes, and the file is long enough.
    let path = try directory.file([1, 0xE1, 0xF5, 0x05, 0, 0, 0, 0])
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 200_000_000)
    try handle.close()
    #expect(throws: SafetensorsError.headerLength(file: path, length: 100_000_001, limit: 100_000_000)) {
      try SafetensorsFile(path: path)
    }
  }

  @Test func `a file cut at any byte is refused`() throws {
    let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let bytes = Array(try Data(contentsOf: URL(filePath: directory.file(header: header, data: Array(0..<8)))))
    for count in 0..<bytes.count {
      let path = try directory.file(Array(bytes[..<count]))
      #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
    }
    #expect(try SafetensorsFile(path: directory.file(bytes)).entries.count == 1)
  }

  @Test func `a file with changed bytes is refused or can be read whole`() throws {
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]}}"#
    let whole = Array(try Data(contentsOf: URL(filePath: directory.file(header: header, data: Array(0..<12)))))
    let alphabet = Array(#"0123456789-+eE.,:[]{}"\ FBIU_"#.utf8) + [0, 0x7F, 0xC3, 0xFF]
    var noise = Noise(seed: 7)
    var refused = 0
    for _ in 0..<400 {
      var bytes = whole
      for change in noise.floats(2).map({ Int(abs($0) * 1e6) }) {
        bytes[change % (header.utf8.count + 8)] = alphabet[change / 1_000 % alphabet.count]
      }
      let path = try directory.file(bytes)
      do throws(SafetensorsError) {
        let file = try SafetensorsFile(path: path)
        for entry in file.entries { _ = try file.weights(entry.name).values }
      } catch {
        refused += 1
      }
    }
    #expect(refused > 250)
  }

  @Test func `a header of very many values is refused in bounded memory`() throws {
    let shape = String(repeating: "1,", count: 2_000_000) + "1"
    let header = #"{"a":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[0,4]}}"#
    let path = try directory.file(header: header, data: [0, 0, 0, 0])
    #expect {
      try SafetensorsFile(path: path)
    } throws: {
      "\($0)".hasPrefix("\(path): the header is not valid JSON: byte ") && "\($0)".contains("more than 2000000 values")
    }
  }

  @Test func `a pipe in the place of a file is not waited for`() {
    let path = directory.path + "/pipe"
    #expect(unsafe mkfifo(path, 0o600) == 0)
    #expect(throws: SafetensorsError.unreadable(file: path, errorNumber: EINVAL)) { try SafetensorsFile(path: path) }
  }

  @Test func `a file that is read whole has a limit`() throws {
    let file = try MappedFile(path: directory.file([1, 2, 3]))
    #expect(try file.bytes(upTo: 3) == [1, 2, 3])
    #expect(throws: SafetensorsError.tooLarge(file: file.path, byteCount: 3, limit: 2)) { try file.bytes(upTo: 2) }
  }

  @Test func `what is no regular file is refused`() {
    #expect(throws: SafetensorsError.unreadable(file: "/nowhere/x", errorNumber: ENOENT)) {
      try SafetensorsFile(path: "/nowhere/x")
    }
    #expect(throws: SafetensorsError.unreadable(file: directory.path, errorNumber: EISDIR)) {
      try SafetensorsFile(path: directory.path)
    }
  }

  // MARK: Values

  @Test func `every half-width float is widened exactly`() throws {
    let patterns = (0..<65_536).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    for type in ["F16", "BF16"] {
      let header = #"{"a":{"dtype":"\#(type)","shape":[65536],"data_offsets":[0,131072]}}"#
      let values = try SafetensorsFile(path: directory.file(header: header, data: patterns)).weights("a").values
      for (pattern, value) in values.enumerated() {
        let expected = type == "F16" ? Self.half(pattern) : Self.brain(pattern)
        #expect(expected.isNaN ? value.isNaN : Double(value) == expected, "\(type) \(pattern)")
      }
    }
  }

  /// IEEE 754 binary16 by its definition.
  static func half(_ bits: Int) -> Double {
    let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, Double(bits & 1023))
    let magnitude =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? Double.infinity : .nan
      default: (1024 + fraction) * pow(2, Double(exponent - 25))
      }
    return sign == 1 ? -magnitude : magnitude
  }

  /// The upper half of an IEEE 754 binary32, by its definition.
  static func brain(_ bits: Int) -> Double {
    let (sign, exponent, fraction) = (bits >> 15, bits >> 7 & 255, Double(bits & 127))
    let magnitude =
      switch exponent {
      case 0: fraction * 0x1p-133
      case 255: fraction == 0 ? Double.infinity : .nan
      default: (128 + fraction) * pow(2, Double(exponent - 134))
      }
    return sign == 1 ? -magnitude : magnitude
  }

  @Test(arguments: 0..<8)
  func `floats are read at any alignment`(spaces: Int) throws {
    let padding = String(repeating: " ", count: spaces)
    let header = #"{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"# + padding
    let file = try SafetensorsFile(path: directory.file(header: header, data: [0, 0, 128, 63, 0, 0, 0, 192]))
    #expect(try file.weights("a").values == [1, -2])
    #expect(try file.weights("a").shape == [2, 1])
    #expect(try file.row(1, of: "a") == Tensor(shape: [1], values: [-2]))
  }

  @Test func `integers are read row by row`() throws {
    let header =
      #"{"a":{"dtype":"I64","shape":[2,1],"data_offsets":[0,16]},"b":{"dtype":"I32","shape":[1,2],"data_offsets":[16,24]}}"#
    let data: [UInt8] =
      [1] + .init(repeating: 0, count: 7) + .init(repeating: 255, count: 8) + [2, 0, 0, 0]
      + .init(repeating: 255, count: 4)
    let file = try SafetensorsFile(path: directory.file(header: header, data: data))
    #expect(try file.integers(row: 1, of: "a") == [-1])
    #expect(try file.integers(row: 0, of: "b") == [2, -1])
    #expect(throws: SafetensorsError.rowOutOfRange(file: file.path, tensor: "a", row: 2, rowCount: 2)) {
      try file.integers(row: 2, of: "a")
    }
    #expect(throws: SafetensorsError.missingTensor(file: file.path, tensor: "c")) { try file.weights("c") }
    #expect(
      throws: SafetensorsError.wrongType(
        file: file.path, tensor: "a", expected: [.float32, .float16, .bfloat16], found: .int64)
    ) { try file.weights("a") }
  }

  @Test func `an empty file of tensors and empty tensors are allowed`() throws {
    #expect(try SafetensorsFile(path: directory.file(header: "{}", data: [])).entries.isEmpty)
    let header = #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}"#
    let file = try SafetensorsFile(path: directory.file(header: header, data: []))
    #expect(file["a"]?.count == 0)
    #expect(file.metadata == ["k": "v"])
    #expect(try file.weights("a").values.isEmpty)
    #expect(throws: SafetensorsError.self) { try file.row(0, of: "a") }
  }

  @Test func `a name in a message is cut and escaped`() {
    #expect(quoted("a\u{1B}[31m\n") == #""a\u{1B}[31m\n""#)
    #expect(quoted(String(repeating: "x", count: 500)).count == 123)
  }
}
