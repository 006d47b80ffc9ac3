internal import Foundation
internal import Tensors
internal import Testing

@Suite struct SafetensorsWriterTests {
  let directory: TemporaryDirectory
  var path: String { directory.path + "/out.safetensors" }

  init() throws { directory = try TemporaryDirectory() }

  private func write(rows: Int = 3) throws {
    var writer = try SafetensorsWriter(
      path: path,
      tensors: [
        TensorPlan("z", rowShape: [2, 2]), TensorPlan("ids", .int64, rowShape: [2]), TensorPlan("a", rowShape: []),
        TensorPlan("empty", rowShape: [7]),
      ],
      metadata: ["source": "a\"b\\c\n\u{1}é", "another": ""])
    try writer.append([1, -2, .max, .min] as [Int64], to: "ids")
    try writer.append([0.5] as [Float], to: "a")
    for row in 0..<rows { try writer.append([Float](repeating: Float(row), count: 4), to: "z") }
    try writer.finish()
  }

  @Test func `what is written is read back`() throws {
    try write()
    let file = try SafetensorsFile(path: path)
    #expect(file.entries.map(\.name) == ["a", "empty", "ids", "z"])
    #expect(file.metadata == ["source": "a\"b\\c\n\u{1}é", "another": ""])
    #expect(file["z"]?.shape == [3, 2, 2])
    #expect(file["a"]?.shape == [1])
    #expect(file["empty"]?.shape == [0, 7])
    #expect(try file.row(2, of: "z") == Tensor(shape: [2, 2], values: [2, 2, 2, 2]))
    #expect(try file.integers(row: 1, of: "ids") == [.max, .min])
  }

  @Test func `values are aligned for their type`() throws {
    try write()
    for entry in try SafetensorsFile(path: path).entries {
      #expect(entry.bytes.lowerBound.isMultiple(of: entry.type.size), "\(entry.name)")
    }
  }

  @Test func `the bytes depend on the content alone`() throws {
    try write()
    let first = try Data(contentsOf: URL(filePath: path))
    try write()
    #expect(try Data(contentsOf: URL(filePath: path)) == first)
    // The header is as the format asks: names sorted within a type, spaces at the end, no hole before the data.
    let header = try #require(String(data: first.dropFirst(8), encoding: .isoLatin1))
    #expect(
      header.hasPrefix(
        #"{"__metadata__":{"another":"","source":"a\"b\\c\u000a\u0001"#))
    #expect(header.contains(#""ids":{"dtype":"I64","shape":[2,2],"data_offsets":[0,32]},"a":"#))
  }

  @Test func `nothing has the final name before the end`() throws {
    var writer = try SafetensorsWriter(path: path, tensors: [TensorPlan("a", rowShape: [1])])
    try writer.append([1] as [Float], to: "a")
    #expect(try directory.names() == ["out.safetensors.partial"])
    try writer.finish()
    #expect(try directory.names() == ["out.safetensors"])
  }

  @Test func `a writer that is given up leaves nothing and spares the file of before`() throws {
    try write()
    let before = try Data(contentsOf: URL(filePath: path))
    do {
      var writer = try SafetensorsWriter(path: path, tensors: [TensorPlan("a", rowShape: [1])])
      try writer.append([1] as [Float], to: "a")
    }
    #expect(try directory.names() == ["out.safetensors"])
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test func `a place that cannot be written to is named with its reason`() throws {
    let missing = directory.path + "/missing/out.safetensors"
    #expect(throws: SafetensorsError.unwritable(file: missing, errorNumber: ENOENT)) {
      try SafetensorsWriter.probe(missing)
    }
    // A link laid in the way is not followed.
    try FileManager.default.createSymbolicLink(atPath: path + ".partial", withDestinationPath: "/dev/full")
    #expect(throws: SafetensorsError.unwritable(file: path, errorNumber: ELOOP)) { try SafetensorsWriter.probe(path) }
  }
}

extension SafetensorsWriter {
  /// Writes one tensor to `path`, for tests of failures.
  fileprivate static func probe(_ path: String) throws {
    let writer = try SafetensorsWriter(path: path, tensors: [TensorPlan("a", rowShape: [1])])
    try writer.finish()
  }
}
