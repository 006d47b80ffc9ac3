import DICOMCore
import Deidentification
import PipelineDefinitions
import TestSupport
import Testing

struct DeviceCatalogTests {
  private func problems(_ yaml: String) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(yaml.utf8), to: "rules.yaml")
    do {
      _ = try DeviceCatalog(loading: path)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func `the rules that ship load, have a source and name rectangles`() throws {
    let catalog = try DeviceCatalog(loading: PackageRoot.path("Pipelines/burned-in-regions.yaml"))
    #expect(catalog.rules.count >= 60)
    #expect(catalog.rules.allSatisfy { !$0.source.isEmpty && !$0.conditions.isEmpty })
    var attributes = DataSet()
    attributes.set(.modality, .cs, "US")
    attributes.set(.manufacturer, .lo, "Philips Medical Systems")
    attributes.set(.manufacturerModelName, .lo, "iU22")
    attributes.set(.rows, .us, integers: [768])
    #expect(catalog.rules(for: attributes).map(\.name) == ["philips-iu22-768"])
  }

  @Test func `what is wrong is named with its place`() throws {
    let start = "schema: bucky-burned-in-regions/1\nrules:\n  - name: a\n    source: here\n"
    #expect(try problems(start + "    when: {rowz: 4}\n    clean: true\n").contains("rules.yaml:5:12"))
    #expect(try problems(start + "    when: {rows: 4}\n").contains("one of blank, clean and withhold"))
    #expect(try problems(start + "    when: {rows: 4}\n    blank: [[0, 0, 5]]\n").contains("rules.yaml:6:13"))
    #expect(try problems(start + "    when: {rows: 4}\n    blank: [[0, 0, 5, 0]]\n").contains("from 1 to 65535"))
    #expect(try problems(start + "    when: {}\n    clean: true\n").contains("no condition"))
    #expect(try problems(start + "    when: {rows: 4}\n    clean: true\n") == "")
  }

  @Test func `patterns match as they do for series`() throws {
    let contained = try #require(TextPattern("logiq"))
    #expect(contained.matches("GE  LOGIQ E9") && !contained.matches("Voluson"))
    let whole = try #require(TextPattern("AW*film?"))
    #expect(whole.matches("AW electronic films") && !whole.matches("the AW electronic films"))
    #expect(TextPattern("  ") == nil)
  }
}
