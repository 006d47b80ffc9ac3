import DICOMCore
import Deidentification
import PipelineDefinitions
import TestSupport
import Testing

struct PolicyTests {
  private static let good = """
    schema: bucky-deidentification/1
    id: mine
    version: 1.0.0
    title: Mine
    profile: basic
    """

  private func load(_ text: String) throws -> DeidentificationPolicy {
    let folder = try TemporaryFolder()
    return try DeidentificationPolicy(loading: folder.write(text, to: "policy.yaml"))
  }

  private func problems(_ text: String) throws -> [DefinitionProblem] {
    do {
      _ = try load(text)
      return []
    } catch DefinitionError.invalid(let problems) {
      return problems
    }
  }

  @Test func `The policy that ships cleans pixels, moves dates and leaves no free text`() throws {
    let policy = try DeidentificationPolicy(loading: PackageRoot.path("Pipelines/research-export.yaml"))
    #expect(policy.id == "research-export")
    #expect(policy.options.isSuperset(of: [.cleanPixelData, .retainModifiedDates, .cleanDescriptors]))
    #expect(policy.options.isDisjoint(with: [.retainUIDs, .retainFullDates, .retainDeviceIdentity]))
    #expect(policy.ageCap == 90)
  }

  @Test func `What is left out is the Basic Profile`() throws {
    let policy = try load(Self.good)
    #expect(policy.options.isEmpty)
    #expect(policy.encapsulatedDocuments == .quarantine)
    #expect(policy.unlistedText == .scrub)
  }

  @Test func `Every key is read`() throws {
    let policy = try load(
      Self.good + """

        options: [clean-graphics, retain-uids]
        unlisted_text: vocabulary
        encapsulated_documents: empty
        dates: {maximum_shift_days: 365, keep_weekday: true}
        age_cap: 85
        pseudonym_prefix: TRIAL-
        withheld_sop_classes: [1.2.840.10008.5.1.4.1.1.7]
        attributes:
          - {tag: "00181000", action: remove, reason: the scanner is one of two}
        """)
    #expect(policy.options == [.cleanGraphics, .retainUIDs])
    #expect(policy.unlistedText == .vocabulary)
    #expect(policy.encapsulatedDocuments == .empty)
    #expect(policy.maximumShiftDays == 365)
    #expect(policy.keepsWeekday)
    #expect(policy.ageCap == 85)
    #expect(policy.pseudonymPrefix == "TRIAL-")
    #expect(policy.withheldClasses == [.secondaryCaptureImageStorage])
    #expect(policy.overrides[Tag(0x0018, 0x1000)]?.action == .remove)
  }

  @Test(
    "Mistakes are told with line and column",
    arguments: [
      ("optoins: []", 6, 1), ("options: [clean-graphic]", 6, 11), ("dates: {maximum_shift_days: 5}", 6, 29),
      ("age_cap: old", 6, 10), ("pseudonym_prefix: lower", 6, 19), ("unlisted_text: keep", 6, 16),
      ("attributes: [{tag: \"00091001\", action: keep, reason: x}]", 6, 20),
      ("attributes: [{tag: \"00181000\", action: keep}]", 6, 14),
      (
        "options: [retain-longitudinal-temporal-information-full-dates, "
          + "retain-longitudinal-temporal-information-modified-dates]", 6, 10
      ),
    ])
  func mistakes(line: String, row: Int, column: Int) throws {
    let found = try problems(Self.good + "\n" + line)
    #expect(found.map(\.line) == [row])
    #expect(found.map(\.column) == [column])
  }

  @Test func `Options of a command line take the place of the policy's, and the digest says so`() throws {
    var policy = try load(Self.good)
    let digest = policy.digest
    try policy.replaceOptions(["clean-graphics"])
    #expect(policy.options == [.cleanGraphics])
    #expect(policy.digest != digest)
    #expect(throws: DefinitionError.self) { try policy.replaceOptions(["clean-graphic"]) }
    try policy.replaceOptions(["none"])
    #expect(policy.options.isEmpty)
  }
}
