import DICOMCore
import DICOMFiles
import Reports
import TestSupport
import Testing

/// Structured reports that are wrong in one place are refused by the validators that judge ours: silence means something.
struct BrokenReportTests {
  struct Break: Sendable, CustomTestStringConvertible {
    let name: String
    let validator: SRValidator
    /// Part of what it says.
    let remark: String
    let edit: @Sendable (inout DataSet) -> Void

    var testDescription: String { "\(name), \(validator)" }
  }

  static let breaks: [Break] = [
    Break(name: "no evidence", validator: .dciodvfy, remark: "not listed in CurrentRequestedProcedureEvidence") {
      $0[.currentRequestedProcedureEvidenceSequence] = nil
    },
    Break(name: "an image missing in the evidence", validator: .dciodvfy, remark: "not listed in CurrentRequested") {
      edit(&$0, .currentRequestedProcedureEvidenceSequence) { study in
        edit(&study, .referencedSeriesSequence) { series in
          edit(&series, .referencedSOPSequence) { $0.set(.referencedSOPInstanceUID, .ui, "1.2.3.4") }
        }
      }
    },
    Break(name: "a relationship that the IOD forbids", validator: .dsrdump, remark: "Invalid by-value Relationship") {
      edit(&$0, named: ["126010", "125007"]) { $0.set(.relationshipType, .cs, "HAS PROPERTIES") }
    },
    Break(name: "a relationship that the template forbids", validator: .pixelmed, remark: "Incorrect relationship") {
      edit(&$0, named: ["126010", "125007", "112039"]) { $0.set(.relationshipType, .cs, "CONTAINS") }
    },
    Break(name: "a concept missing", validator: .dciodvfy, remark: "ConceptNameCodeSequence") {
      edit(&$0, named: ["126010", "125007", "121071"]) { $0[.conceptNameCodeSequence] = nil }
    },
    Break(name: "a concept missing", validator: .dsrdump, remark: "Invalid Content Item") {
      edit(&$0, named: ["126010", "125007", "121071"]) { $0[.conceptNameCodeSequence] = nil }
    },
    Break(name: "a wrong VR", validator: .dciodvfy, remark: "doesn't match data dictionary") {
      $0.set(.completionFlag, .lo, "COMPLETE")
    },
    Break(name: "no completion flag", validator: .dciodvfy, remark: "CompletionFlag") { $0[.completionFlag] = nil },
    Break(name: "no completion flag", validator: .dsrdump, remark: "CompletionFlag") { $0[.completionFlag] = nil },
    Break(name: "a mandatory row missing", validator: .pixelmed, remark: "Missing required content item") {
      // An observer that is a person must have a name.
      edit(&$0, named: ["121005"]) { observer in
        edit(&observer, .conceptCodeSequence) { $0.set(.codeValue, .sh, "121006") }
      }
    },
    Break(
      name: "a row of another value type", validator: .pixelmed, remark: "\"Finding\"): Content Item not in template"
    ) {
      edit(&$0, named: ["126010", "125007", "121071"]) { finding in
        finding.set(.valueType, .cs, "TEXT")
        finding.set(.textValue, .ut, "Pneumothorax")
        finding[.conceptCodeSequence] = nil
      }
    },
  ]

  @Test(
    .enabled(
      if: SRValidator.allCases.allSatisfy(\.isInstalled),
      "dciodvfy, dsrdump, java or libpixelmed-java is not installed: not checked that they refuse anything"),
    arguments: breaks)
  func `a report that is wrong is refused, where the good one is not`(broken: Break) throws {
    let folder = try TemporaryFolder()
    var dataSet = try ReportSamples.completeFlagged.structuredReport().dataSet
    let original = dataSet
    broken.edit(&dataSet)
    #expect(dataSet != original)
    let path = try folder.write([], to: "broken.dcm")
    try DICOMFileWriter.write(dataSet, transferSyntax: .explicitVRLittleEndian, to: path)
    let remarks = try broken.validator.remarks(on: path)
    #expect(remarks.contains { $0.contains(broken.remark) }, "\(remarks)")
  }

  // MARK: Edits

  private static func code(of item: DataSet) -> String {
    item.items(.conceptNameCodeSequence).first?.string(.codeValue) ?? ""
  }

  /// Edits the first item of a sequence.
  private static func edit(_ dataSet: inout DataSet, _ tag: DICOMCore.Tag, _ change: (inout DataSet) -> Void) {
    var items = dataSet.items(tag)
    guard !items.isEmpty else { return }
    change(&items[0])
    dataSet.set(tag, items: items)
  }

  /// Edits the content item at the end of a path of concept names.
  private static func edit(_ dataSet: inout DataSet, named path: [String], _ change: (inout DataSet) -> Void) {
    guard let name = path.first else { return change(&dataSet) }
    var items = dataSet.items(.contentSequence)
    guard let index = items.firstIndex(where: { code(of: $0) == name }) else { return }
    edit(&items[index], named: Array(path.dropFirst()), change)
    dataSet.set(.contentSequence, items: items)
  }
}
