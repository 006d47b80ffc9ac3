import DICOMCore
import Testing

struct TextPatternTests {
  @Test(arguments: [
    ("lung", "Thorax LUNG 1.0", true), ("lung", "Thorax 1.0", false), ("Ax  T1", "SAG AX T1 POST", true),
    ("lung*", "Thorax LUNG", false), ("*lung*", "Thorax LUNG 1.0", true), ("t?", "T1", true), ("t?", "T", false),
    ("t?", "T12", false), ("*", "", true), ("*a*b*c", "xxaxxbxxc", true), ("*a*b*c", "xxaxxcxxb", false),
    ("a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false), ("größe", "Körpergröße", true),
    ("  axial ", "pre axial post", true), ("1.0", "110", false), ("[a-z]", "b", false),
  ])
  func `patterns match as they are documented`(pattern: String, text: String, matches: Bool) throws {
    #expect(try #require(TextPattern(pattern)).matches(text) == matches)
  }

  @Test func `a pattern of white space is none`() {
    #expect(TextPattern("  ") == nil && TextPattern("") == nil)
  }
}
