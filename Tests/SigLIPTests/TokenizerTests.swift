internal import DICOMCore
internal import Foundation
internal import SigLIP
internal import TestSupport
internal import Testing

/// Identifiers against those of the slow `SiglipTokenizer` of transformers 4.53.0, recorded by `make_fixtures.py`.
@Suite struct TokenizerTests {
  struct Recording: Decodable {
    struct Row: Decodable {
      let text: String
      let ids: [Int32]
    }

    let length: Int
    let rows: [Row]

    init(_ name: String) throws {
      let data = try Data(contentsOf: URL(filePath: SmallCheckpoint.fixtures + "/" + name))
      self = try JSONDecoder().decode(Recording.self, from: data)
    }
  }

  func expectRecorded(_ tokenizer: PromptTokenizer, _ name: String) throws {
    let recording = try Recording(name)
    #expect(recording.rows.count > 300)
    #expect(tokenizer.length == recording.length)
    for row in recording.rows {
      let padding = Array(repeating: Int32(1), count: recording.length - row.ids.count)
      let identifiers = try tokenizer.tokenize(row.text)
      #expect(identifiers == row.ids + padding, "\(row.text.debugDescription)")
    }
  }

  @Test func `a small vocabulary without normalisation gives the recorded identifiers`() throws {
    let checkpoint = try SmallCheckpoint()
    try expectRecorded(SigLIPModel(directory: checkpoint.directory).tokenizer, "small-tokens.json")
  }

  // Without the shared folder the published vocabulary and its NFKC rules are not checked.
  @Test(
    .enabled(
      if: SharedData.path("siglip-tokenizer") != nil,
      "set BUCKY_SHARED to the folder with siglip-tokenizer/ to check the published vocabulary"))
  func `the published vocabulary gives the recorded identifiers`() throws {
    let tokenizer = try publishedTokenizer()
    try expectRecorded(tokenizer, "published-tokens.json")
    // The table of encoder-facts.md 1.4, which was made with the library alone.
    let golden: [(String, [Int32])] = [
      ("no pneumothorax", [379, 262, 388, 23072, 298, 278, 22157, 497]),
      ("1.5 cm nodule", [831, 5215, 379, 303, 9094]),
      ("L4/L5 disc", [262, 389, 854, 389, 1095, 6740]),
      ("nodule > 6 mm", [379, 303, 9094, 654, 262, 1108]),
      ("5 µm", [527, 262, 209, 191, 317]),
      ("ﬁbrosis", [30160]),
      (".", []),
    ]
    for (text, identifiers) in golden {
      let padded = identifiers + Array(repeating: 1, count: 64 - identifiers.count)
      #expect(try tokenizer.tokenize(text) == padded, "\(text)")
    }
  }

  private func publishedTokenizer() throws -> PromptTokenizer {
    let directory = try #require(SharedData.path("siglip-tokenizer"))
    return try PromptTokenizer(path: directory + "/spiece.model")
  }

  @Test func `a prompt that is too long ends with the end token`() throws {
    let checkpoint = try SmallCheckpoint()
    let tokenizer = try SigLIPModel(directory: checkpoint.directory).tokenizer
    let identifiers = try tokenizer.tokenize(String(repeating: "effusion ", count: 50))
    #expect(identifiers.count == 16)
    #expect(identifiers.last == 1)
    #expect(!identifiers.dropLast().contains(1))
  }

  @Test func `a zero character in a prompt does not end it`() throws {
    let checkpoint = try SmallCheckpoint()
    let tokenizer = try SigLIPModel(directory: checkpoint.directory).tokenizer
    #expect(try tokenizer.tokenize("no\u{0} edema") != tokenizer.tokenize("no"))
  }

  @Test func `bytes that are no model are refused`() throws {
    let checkpoint = try SmallCheckpoint()
    for text in ["", "not a protocol buffer", "\u{1}\u{2}\u{3}"] {
      try checkpoint.write("spiece.model", text)
      #expect { try SigLIPModel(directory: checkpoint.directory) } throws: { error in
        guard case CheckpointError.tokenizer(let file, _) = error else { return false }
        return file.hasSuffix("spiece.model")
      }
    }
  }
}

/// Python's view of characters, recorded over planes 0 and 1, which hold every cased character.
@Suite struct PythonTextTests {
  struct Recording: Decodable {
    let lower: String
    let spaces: [UInt32]
  }

  let recording: Recording

  init() throws {
    let data = try Data(contentsOf: URL(filePath: SmallCheckpoint.fixtures + "/characters.json"))
    recording = try JSONDecoder().decode(Recording.self, from: data)
  }

  @Test func `white space is what str.isspace says`() {
    let spaces = (UInt32(0)..<0x11_0000).filter { Unicode.Scalar($0).map(PythonText.isSpace) ?? false }
    #expect(spaces == recording.spaces)
  }

  @Test func `lower case is what str.lower gives for a character alone`() {
    var lines = ""
    for scalar in (UInt32(0)..<0x2_0000).compactMap(Unicode.Scalar.init) {
      let lower = PythonText.lowercased(String(scalar).unicodeScalars)
      if !lower.elementsEqual([scalar]) {
        let codes = lower.map { String($0.value, radix: 16, uppercase: true) }.joined(separator: " ")
        lines += "\(String(scalar.value, radix: 16, uppercase: true)) \(codes)\n"
      }
    }
    #expect(ContentDigest(ofText: lines).description == "sha256:" + recording.lower)
  }

  @Test(arguments: [
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"), ("İ", "i\u{307}"), ("ẞ", "ß"), ("I", "i"), ("ı", "ı"), ("Ǆ", "ǆ"),
    ("\u{10D50}", "\u{10D50}"),
  ])
  func `neighbours and newer characters change nothing`(text: String, lower: String) {
    #expect(PythonText.lowercased(text.unicodeScalars).elementsEqual(lower.unicodeScalars))
  }

  @Test func `punctuation is the 32 characters of string.punctuation`() {
    let found = (UInt32(0)..<0x300).compactMap(Unicode.Scalar.init).filter(PythonText.isPunctuation)
    #expect(String(String.UnicodeScalarView(found)) == "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
  }
}
