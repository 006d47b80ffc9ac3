import Findings
import Foundation
import PipelineDefinitions
import Testing

struct HostileYAMLTests {
  private func messages(_ bytes: some Sequence<UInt8>) throws -> [String] {
    let directory = try TemporaryDirectory()
    let path = try directory.write("x.yaml", bytes)
    return directory.messages { _ = try LabelSet(loading: path) }
  }

  private func messages(_ text: String) throws -> [String] { try messages(text.utf8) }

  private static let notAMapping =
    "expected a label set, a mapping with the keys schema, id, version, title, source, threshold, findings"

  private static let parser = "the YAML parser reports:"
  private static let illFormed = "; expected well-formed YAML"

  /// The text of a file, and what is wrong with it.
  static let table: [(text: String, message: String)] = [
    ("", "x.yaml:1:1: found nothing; \(notAMapping)"),
    ("# only a comment\n", "x.yaml:1:1: found nothing; \(notAMapping)"),
    ("--- ~\n", "x.yaml:1:5: found nothing; \(notAMapping)"),
    ("just text", #"x.yaml:1:1: found "just text"; \#(notAMapping)"#),
    ("- a\n- b\n", "x.yaml:1:1: found a list; \(notAMapping)"),
    (
      "a: b\n---\nc: d\n",
      "x.yaml:2:1: \(parser) but found another document expected a single document in the stream\(illFormed)"
    ),
    (
      "id: a\n\ttitle: b\n",
      "x.yaml:2:1: \(parser) found a tab character that violates indentation while scanning a plain scalar\(illFormed)"
    ),
    (
      "id: a\n title: b\n",
      "x.yaml:2:7: \(parser) mapping values are not allowed in this context\(illFormed)"
    ),
    (
      "id: [a\n",
      "x.yaml:2:1: \(parser) did not find expected ',' or ']' while parsing a flow sequence\(illFormed)"
    ),
    (
      "id: \"a\n",
      "x.yaml:2:1: \(parser) found unexpected end of stream while scanning a quoted scalar\(illFormed)"
    ),
    (
      "id: a\u{0}b\n",
      "x.yaml:1:6: \(parser) control characters are not allowed; expected text without control characters"
    ),
    ("id: &name a\n", "x.yaml:1:5: found an anchor; expected no anchors and aliases"),
    (
      "\tid: a\n",
      "x.yaml:1:1: \(parser) found character that cannot start any token while scanning for the next token\(illFormed)"
    ),
    ("id: *name\n", "x.yaml:1:5: \(parser) found undefined alias\(illFormed)"),
    ("id: !!int 5\n", #"x.yaml:1:5: found the tag "tag:yaml.org,2002:int"; expected no tags"#),
    ("id: !site a\n", #"x.yaml:1:5: found the tag "!site"; expected no tags"#),
  ]

  @Test(arguments: table.indices)
  func `what is not one plain YAML mapping is refused`(index: Int) throws {
    let (text, message) = Self.table[index]
    let messages = try messages(text)
    #expect(messages == [message])
  }

  @Test func `a word that starts with an asterisk is text where YAML says so`() throws {
    let text = goodLabelSet.replacing("source: Made up", with: "source: >-\n  # *Not* an alias\n  '*nor this'")
    #expect(try messages(text) == [])
  }

  @Test func `a byte order mark is skipped`() throws {
    #expect(try messages([0xEF, 0xBB, 0xBF] + Array(goodLabelSet.utf8)) == [])
  }

  @Test func `Windows line ends are read`() throws {
    #expect(try messages(goodLabelSet.replacing("\n", with: "\r\n")) == [])
  }

  @Test(arguments: [
    (Array("id: é".utf8) + [0xFF, 0x0A], "x.yaml:1:6:"), (Array("id: a\ntitle: b".utf8) + [0xC3], "x.yaml:2:9:"),
    ([0xFF, 0xFE, 0x69, 0x00], "x.yaml:1:1:"), ([0xED, 0xA0, 0x80], "x.yaml:1:1:"),
  ])
  func `bytes that are not UTF-8 are found where they stand`(bytes: [UInt8], place: String) throws {
    #expect(try messages(bytes) == ["\(place) found a byte that is not UTF-8; expected text in UTF-8"])
  }

  @Test func `a file above the size limit is refused before it is parsed`() throws {
    let large = Array(repeating: UInt8(ascii: "#"), count: 1 << 20) + [0x0A]
    #expect(
      try messages(large) == ["x.yaml:1:1: the file is larger than 1 MiB; expected a definition of at most 1 MiB"])
    #expect(try messages(large.prefix(1 << 20)).first?.hasPrefix("x.yaml:1:1: found nothing;") == true)
  }

  @Test func `a pipe in the place of a file is not waited for`() throws {
    let directory = try TemporaryDirectory()
    #expect(unsafe mkfifo(directory.path + "/pipe.yaml", 0o600) == 0)
    #expect(throws: DefinitionError.unreadable(path: directory.path + "/pipe.yaml", reason: "not a regular file")) {
      try LabelSet(loading: directory.path + "/pipe.yaml")
    }
  }

  @Test(arguments: [17, 500, 100_000])
  func `deep nesting is refused`(depth: Int) throws {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
      let text = "id: x\ndeep:\n  " + String(repeating: open, count: depth) + String(repeating: close, count: depth)
      let messages = try messages(text)
      #expect(messages.count == 1)
      #expect(messages.first?.hasPrefix("x.yaml:") == true)
    }
  }

  /// Each level refers to the one above nine times: 9^9 elements from less than a kilobyte.
  @Test func `aliases cannot expand a small file`() throws {
    let bomb = (1...9).map { level in
      "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]"
    }
    let text = "a0: &a0 x\n" + bomb.joined(separator: "\n")
    let refused = ["x.yaml:1:1: found more than 4 words that start with *; expected no aliases"]
    #expect(try messages(text) == refused)
    // YAML ends lines, and with them comments, at more characters than a line feed.
    for separator in ["\u{2028}", "\u{2029}", "\u{85}", "\r"] {
      #expect(try messages("# comment\(separator)" + text.replacing(" *", with: "\(separator)*")) == refused)
    }
    let keys = (1...2).map { "? &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n: x" }
    let few = "? &a0 x\n: y\n" + keys.joined(separator: "\n")
    #expect(try messages(few) == ["x.yaml:1:3: found an anchor; expected no anchors and aliases"])
  }

  @Test func `of very many mistakes the first hundred are reported`() throws {
    let text = (0..<60_000).map { "k\($0): v" }.joined(separator: "\n")
    #expect(try messages(text).count == 100)
  }
}
