import DICOMCore
import PipelineDefinitions
import PixelTransforms
import Testing

struct WindowCatalogTests {
  private func messages(_ old: String, _ new: String) throws -> [String] {
    let directory = try TemporaryDirectory()
    try #require(goodWindows.contains(old))
    try directory.write("windows/ct.yaml", goodWindows.replacing(old, with: new))
    return directory.messages { _ = try WindowCatalog(loading: directory.path + "/windows") }
  }

  @Test func `windows of all files come sorted by name, other files are left alone`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("b.yaml", goodWindows)
    try directory.write(
      "a.yaml",
      goodWindows.replacing("name: soft", with: "name: wide").replacing(
        "      - {center: 40, width: 350, function: LINEAR}",
        with: """
                - {center: -100, width: 2250}
                - {center: 40, width: 0.5, function: LINEAR_EXACT}
                - {center: 40, width: 80, function: SIGMOID}
          """))
    try directory.write("README.md", "not: [yaml")
    let catalog = try WindowCatalog(loading: directory.path)
    #expect(catalog.windows.map(\.name) == ["soft", "wide"])
    #expect(catalog.digests["b.yaml"] == ContentDigest(ofText: goodWindows))
    let wide = try #require(catalog.window(named: "wide"))
    #expect(
      wide.channels == [
        VOIWindow(center: -100, width: 2250), VOIWindow(center: 40, width: 0.5, function: .linearExact),
        VOIWindow(center: 40, width: 80, function: .sigmoid),
      ])
    #expect(catalog.window(named: "other") == nil)
  }

  @Test func `percentiles take the place of center and width`() throws {
    let directory = try TemporaryDirectory()
    try directory.write(
      "mr.yaml",
      goodWindows.replacing(
        "    channels:\n      - {center: 40, width: 350, function: LINEAR}",
        with: "    percentiles: {lower: 1, upper: 98.5}"))
    let window = try #require(try WindowCatalog(loading: directory.path).window(named: "soft"))
    #expect(window.values == .percentiles(PercentileRange(lower: 1, upper: 98.5, scope: .series)))
  }

  @Test func `a name that two files give is refused`() throws {
    let directory = try TemporaryDirectory()
    try directory.write("a.yaml", goodWindows)
    try directory.write("b.yaml", goodWindows)
    let messages = directory.messages { _ = try WindowCatalog(loading: directory.path) }
    #expect(messages == ["b.yaml:3:5: found the window soft, which a.yaml defines too; expected each name once"])
  }

  @Test(arguments: [
    (
      "width: 350", "width: 0.5",
      #"windows/ct.yaml:8:29: found "0.5"; expected a number from 1 to 1000000"#
    ),
    (
      "function: LINEAR", "function: LINEAR_EXAKT",
      #"windows/ct.yaml:8:44: found "LINEAR_EXAKT"; expected one of LINEAR, LINEAR_EXACT, "#
        + "SIGMOID; did you mean LINEAR_EXACT?"
    ),
    (
      "center: 40, ", "",
      "windows/ct.yaml:8:9: the key center is missing; expected a number from -1000000 to 1000000"
    ),
    (
      "name: soft", "name: automatic",
      #"windows/ct.yaml:3:11: found "automatic"; expected a name other than automatic, file, min-max, "#
        + "series-percentile"
    ),
    (
      "      - {center: 40, width: 350, function: LINEAR}\n",
      "      - {center: 1, width: 2}\n      - {center: 1, width: 2}\n",
      "windows/ct.yaml:8:7: found a list; expected a list of 1 or 3 windows {center: 40, width: 350, function: LINEAR}"
    ),
    (
      "    channels:\n      - {center: 40, width: 350, function: LINEAR}\n",
      "    percentiles: {lower: 99, upper: 1}\n",
      "windows/ct.yaml:7:18: found a lower percentile that is not below the upper one; "
        + "expected percentiles such as {lower: 0.5, upper: 99.5, of: series}"
    ),
    (
      "    channels:\n", "    percentiles: {lower: 1, upper: 99, of: frame}\n    channels:\n",
      "windows/ct.yaml:7:18: found channels and percentiles; expected one of the two"
    ),
    ("unit: HU", "unit: ''", #"windows/ct.yaml:5:11: found ""; expected the unit of center and width, such as HU"#),
    (
      "schema: bucky-windowing/1\n", "",
      "windows/ct.yaml:1:1: the key schema is missing; expected bucky-windowing/1"
    ),
  ])
  func `a mistake is reported where it stands`(old: String, new: String, message: String) throws {
    let messages = try messages(old, new)
    #expect(messages == [message])
  }

  @Test func `a directory that is not there is named`() throws {
    #expect(throws: DefinitionError.unreadable(path: "/nowhere/at/all", reason: "not a directory that can be read")) {
      try WindowCatalog(loading: "/nowhere/at/all")
    }
  }
}
