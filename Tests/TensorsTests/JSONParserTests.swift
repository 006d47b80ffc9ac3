internal import Tensors
internal import Testing

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
  }

  @Test func `every kind of value is read`() throws {
    let value = try parse(#" {"a": [1, -2, 1.5, 1e3, true, false, null], "b": {"c": ""}} "#)
    #expect(
      value["a"]
        == .array([
          .integer(1), .integer(-2), .number(1.5), .number(1000), .boolean(true), .boolean(false), .null,
        ]))
    #expect(value["b"]?["c"]?.text == "")
    #expect(value["missing"] == nil)
    #expect(try parse("1e-06").number == 1e-6)
    #expect(try parse("12").number == 12)
    #expect(try parse("1000000000000000019884624838656").number == 1e30)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u2581""#, "é▁"), (#""\ud83e\udec1""#, "🫁"),
    (#""é▁🫁""#, "é▁🫁"), (#""\u0000""#, "\u{0}"),
  ])
  func `escapes are read`(text: String, expected: String) throws {
    #expect(try parse(text).text == expected)
  }

  @Test(arguments: [
    "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "[,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "1 2",
    "{} {}", "tru", "nul", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1e999",
    "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
    "\"a\nb\"",
    "\"\u{1}\"", "// x\n1", "\u{FEFF}{}",
  ])
  func `text that is no JSON is refused`(text: String) {
    #expect(throws: JSONSyntaxError.self) { try parse(text) }
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    #expect {
      try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22])
    } throws: {
      "\($0)" == "byte 0: the string is not UTF-8"
    }
  }

  @Test func `a repeated name is refused, also when it is escaped`() {
    #expect {
      try parse(#"{"a": 1,"a": 2}"#)
    } throws: {
      "\($0)" == "byte 8: the name \"a\" is repeated"
    }
    #expect(throws: JSONSyntaxError.self) { try parse(#"{"a": 1, "\u0061": 2}"#) }
  }

  @Test func `the number of values is limited`() throws {
    let allowed = "[" + String(repeating: "0,", count: 1_999_998) + "0]"
    #expect(try parse(allowed).elements?.count == 1_999_999)
    #expect {
      try parse("[0," + allowed.dropFirst())
    } throws: {
      "\($0)".hasSuffix("more than 2000000 values")
    }
  }

  @Test func `depth is limited`() throws {
    let allowed = String(repeating: "[", count: 63) + "1" + String(repeating: "]", count: 63)
    #expect(try parse(allowed).kind == "an array")
    #expect(throws: JSONSyntaxError.self) { try parse(String(repeating: "[", count: 100_000)) }
  }
}
