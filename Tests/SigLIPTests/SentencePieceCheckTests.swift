internal import Foundation
internal import SigLIP
internal import TestSupport
internal import Testing

/// Models that would make the library read or write outside of its memory, or take it down with an exception.
@Suite struct SentencePieceCheckTests {
  private typealias Bytes = SentencePieceBytes
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tokenizer(_ model: [UInt8]) throws -> PromptTokenizer {
    try PromptTokenizer(path: folder.write(model, to: "spiece.model"))
  }

  private func expectRefusal(
    _ model: [UInt8], _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) {
      try tokenizer(model)
    } throws: { error in
      guard case CheckpointError.tokenizer(let file, let found) = error else { return false }
      return file == folder.path("spiece.model") && found.contains(reason)
    }
  }

  @Test func `a whole model is read, with and without a character map`() throws {
    let plain = try tokenizer(Bytes.base + Bytes.training())
    #expect(try plain.tokenize("a b").prefix(5) == [2, 3, 2, 4, 0])
    let mapped = try tokenizer(Bytes.base + Bytes.normalizer(map: Bytes.chain(length: 1)))
    #expect(try mapped.tokenize("a").prefix(3) == [2, 4, 0])
    #expect(try tokenizer(Bytes.base + Bytes.normalizer(map: Bytes.chain(length: 32))).tokenize("aaaa").count == 64)
  }

  static let pieces: [(piece: [UInt8], reason: String)] = [
    // CVE-2026-1260: the library takes the length of a piece up to the first zero.
    (SentencePieceBytes.piece("a\0b"), "holds a zero"),
    (SentencePieceBytes.piece([0xC3, 0x28]), "no UTF-8"),
    (SentencePieceBytes.piece(String(repeating: "x", count: 1_025)), "longer than 1024 bytes"),
    (SentencePieceBytes.piece(String(repeating: "x", count: 200_000)), "longer than 1024 bytes"),
    (SentencePieceBytes.piece(""), "a piece without text"),
    (SentencePieceBytes.field(1, []), "a piece without text"),
    (SentencePieceBytes.piece("x", score: .nan), "a score that is no number"),
    (SentencePieceBytes.piece("x", score: -.infinity), "a score that is no number"),
    (SentencePieceBytes.piece("x", type: 0), "a piece of type 0"),
    (SentencePieceBytes.piece("x", type: 7), "a piece of type 7"),
    (SentencePieceBytes.piece("x", type: .max), "a piece of type 18446744073709551615"),
    (SentencePieceBytes.field(1, SentencePieceBytes.field(4, [1])), "no such field 4"),
    (SentencePieceBytes.field(1, SentencePieceBytes.field(1, 7 as UInt64)), "no such field 1"),
    (SentencePieceBytes.field(1, 7 as UInt64), "field 1 is no message"),
    (SentencePieceBytes.training(model: 2), "not a unigram model"),
    (SentencePieceBytes.field(4, [UInt8](repeating: 0, count: 70_000)), "bytes of self tests"),
    (SentencePieceBytes.field(200, [1]), "no field 200"),
    (
      (1...65).flatMap { SentencePieceBytes.piece(String(repeating: "s", count: $0), type: 4) },
      "start with one another"
    ),
  ]

  @Test(arguments: pieces.indices)
  func `a piece that the library would stumble over is refused with its place`(index: Int) {
    let (piece, reason) = Self.pieces[index]
    expectRefusal(Bytes.base + piece, reason)
  }

  static let wires: [(bytes: [UInt8], reason: String)] = [
    ([0x0A], "reaches beyond the end"), ([0x0A, 0x05, 1], "reaches beyond the end"),
    ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "reaches beyond the end"),
    ([UInt8](repeating: 0x80, count: 11), "ends inside the key"), ([0x80], "ends inside the key"),
    ([0x00, 0x00], "has no field number"), ([0x0B], "is of wire type 3"), ([0x0E], "is of wire type 6"),
    ([UInt8](repeating: 0x0B, count: 100_000), "is of wire type 3"), ([0x0D, 1, 2], "reaches beyond the end"),
    ([0x09, 1], "reaches beyond the end"),
  ]

  @Test(arguments: wires.indices)
  func `bytes that are no message are refused with their place`(index: Int) {
    let (bytes, reason) = Self.wires[index]
    expectRefusal(Bytes.base + bytes, "byte \(Bytes.base.count): a field \(reason)")
  }

  @Test func `a file of more than 16 MiB is not read`() throws {
    let path = try folder.write([], to: "large.model")
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 1 << 40)
    try handle.close()
    #expect {
      try PromptTokenizer(path: path)
    } throws: {
      "\($0)" == "\(path): 1099511627776 bytes, at most 16777216 are read"
    }
  }

  // MARK: Character maps

  static let maps: [(map: [UInt8], reason: String)] = [
    ([1, 2, 3, 4], "is too short"),
    ([255, 255, 255, 255, 0], "has a trie of 4294967295 bytes"),
    ([0, 0, 0, 0, 0, 0], "has a trie of 0 bytes"),
    (SentencePieceBytes.littleEndian(1020) + [UInt8](repeating: 0, count: 1100), "has a trie of 1020 bytes"),
    (SentencePieceBytes.map([UInt32](repeating: 0, count: 256), replacements: [0x62]), "ends inside a replacement"),
    (
      SentencePieceBytes.map([UInt32](repeating: 0, count: 256), replacements: [0xFF, 0]),
      "has replacements that are no UTF-8"
    ),
    (SentencePieceBytes.chain(length: 33), "has more than 32 rules"),
    // Found in version 0.2.1: the root is followed before it is looked at.
    (SentencePieceBytes.chain(length: 1) { $0[0] = 0x7FFF_FC00 }, "leaves its trie at unit 0"),
    (SentencePieceBytes.chain(length: 1) { $0[0] = 0xFFFF_FC00 }, "leaves its trie at unit 0"),
    (
      SentencePieceBytes.chain(length: 1) {
        $0[0x161] = SentencePieceBytes.unit(at: 0x161, children: 0x200, label: 0x61, hasValue: true)
      }, "leaves its trie at unit 353"
    ),
    (SentencePieceBytes.chain(length: 1) { $0[0x180] = 1 << 31 | 2 }, "leaves its replacements"),
    (SentencePieceBytes.chain(length: 1) { $0[0x180] = 0xFFFF_FFFF }, "leaves its replacements"),
    (SentencePieceBytes.chain(length: 1) { $0[0x180] = 0 }, "leaves its replacements"),
    (
      SentencePieceBytes.chain(length: 1) {
        $0[0x161] = SentencePieceBytes.unit(at: 0x161, children: 0x100, label: 0x61, hasValue: false)
      }, "has a loop at unit 353"
    ),
  ]

  @Test(arguments: maps.indices)
  func `a character map that leads out of itself is refused`(index: Int) {
    let (map, reason) = Self.maps[index]
    expectRefusal(Bytes.base + Bytes.normalizer(map: map), "the character map \(reason)")
    // What is not used for encoding is parsed all the same.
    expectRefusal(Bytes.base + Bytes.field(5, Bytes.field(2, map)), "the character map \(reason)")
  }

  // MARK: Mutations

  /// What passes the check goes to the library: a crash would end this program.
  @Test(arguments: ["Tests/SigLIPTests/Fixtures/small.spiece.model", "SampleStudies/demo-encoder/spiece.model"])
  func `a model with changed bytes is refused, or splits text`(name: String) throws {
    let whole = [UInt8](try Data(contentsOf: URL(filePath: PackageRoot.path(name))))
    let texts = ["small left effusion 1.5 cm", "ﬁbrosis µm ｆｕｌｌ ①", "\u{0}\u{1}\u{7F}\u{301}e\u{301}", "日本語 한국어"]
    var state: UInt64 = 3
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var (accepted, refused) = (0, 0)
    for round in 0..<400 {
      var model = whole
      // The pieces lie in front, the settings and the character map behind.
      let end = round.isMultiple(of: 2) ? model.count : min(4_000, model.count)
      for _ in 0...next(3) { model[next(end)] = UInt8(next(256)) }
      if round % 7 == 0 { model.removeLast(next(model.count)) }
      let path = try folder.write(model, to: "mutated.model")
      do throws(CheckpointError) {
        let tokenizer = try PromptTokenizer(path: path)
        for text in texts {
          let identifiers = try tokenizer.tokenize(text)
          #expect(identifiers.count == 64 && identifiers.allSatisfy { $0 >= 0 })
        }
        accepted += 1
      } catch {
        refused += 1
      }
    }
    #expect(accepted > 20 && refused > 20, "\(accepted) accepted, \(refused) refused")
  }

  @Test func `settings of more than 4 MiB or too many values are refused`() throws {
    let checkpoint = try SmallCheckpoint()
    for (text, reason) in [
      (#"{"x":""# + String(repeating: "x", count: 4 << 20) + #""}"#, "bytes, at most 4194304 are read"),
      (#"{"x":["# + String(repeating: "0,", count: 2_000_000) + "0]}", "more than 2000000 values"),
      (#"{"x":"# + String(repeating: "[", count: 200_000), "more than 64 levels"),
    ] {
      for name in ["config.json", "preprocessor_config.json", "tokenizer_config.json"] {
        let whole = try String(contentsOfFile: checkpoint.directory + "/config.json", encoding: .utf8)
        try checkpoint.write(name, text)
        #expect {
          try SigLIPModel(directory: checkpoint.directory)
        } throws: {
          "\($0)".hasPrefix("\(checkpoint.directory)/\(name)") && "\($0)".contains(reason)
        }
        if name == "config.json" { try checkpoint.write(name, whole) } else { try checkpoint.remove(name) }
      }
    }
  }
}
