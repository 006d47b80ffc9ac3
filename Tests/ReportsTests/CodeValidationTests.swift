import DICOMCore
import Reports
import Testing

/// What makes a code unusable is tested beside `CodedConcept`; here, that no report is written with one.
struct CodeValidationTests {
  @Test(arguments: [
    CodedConcept("287272002", "SCT", "Cardiomegaly"), CodedConcept("36118009", "SCT", "Pneumothorax"),
    CodedConcept("121053", "DCM", "Present"), CodedConcept("T-1", "SRT", "x"), CodedConcept("", "DCM", "x"),
    CodedConcept("1\\2", "99BUCKY", "x"), CodedConcept("1", "99BUCKY", String(repeating: "m", count: 65)),
  ])
  func `a code that must not be written is named with its problem`(code: CodedConcept) throws {
    let problem = try #require(code.problem)
    #expect(throws: ReportError.code(code, problem)) { try code.validate() }
    var report = ReportSamples.completeFlagged.report
    report.findings[0].code = code
    #expect(throws: ReportError.code(code, problem)) { try report.validate() }
  }
}
