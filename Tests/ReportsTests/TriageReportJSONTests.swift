import DICOMCore
import Foundation
import Reports
import Testing

struct TriageReportJSONTests {
  @Test(arguments: ReportSamples.all)
  func `decoding the bytes gives the same report`(sample: ReportSamples.Sample) throws {
    let bytes = try sample.report.json()
    var expected = sample.report
    expected.inputs = expected.inputs.map(Self.integral)
    #expect(try JSONDecoder().decode(TriageReport.self, from: Data(bytes)) == expected)
    #expect(try JSONDecoder().decode(TriageReport.self, from: Data(sample.report.jsonLine())) == expected)
  }

  @Test func `the same report gives the same bytes, whatever order its parameters were put in`() throws {
    var forward: [String: ParameterValue] = [:]
    var backward: [String: ParameterValue] = [:]
    for index in 0..<40 { forward["key \(index)"] = .integer(index) }
    for index in (0..<40).reversed() { backward["key \(index)"] = .integer(index) }
    var first = ReportSamples.completeFlagged.report
    var second = first
    first.inputs[0].preprocess = [ProcessingStep("step", forward)]
    second.inputs[0].preprocess = [ProcessingStep("step", backward)]
    #expect(try first.json() == second.json())
  }

  @Test func `members are sorted, slashes stand as they are, and a newline ends the file`() throws {
    let text = String(decoding: try ReportSamples.completeFlagged.report.json(), as: UTF8.self)
    let members = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }.compactMap {
      $0.split(separator: "\"").dropFirst().first.map(String.init)
    }
    #expect(members.count == 18)
    #expect(members == members.sorted())
    #expect(text.contains("\"google/medsiglip-448\""))
    #expect(text.contains("\"schema\": \"triage-report/1\""))
    #expect(text.hasSuffix("}\n") && !text.hasSuffix("\n\n"))
  }

  @Test func `numbers are the shortest that read back the same`() throws {
    let text = String(decoding: try ReportSamples.longTexts.report.json(), as: UTF8.self)
    #expect(text.contains("\"cosine\": -0.12345678901234566,"))
    #expect(text.contains("\"sigmoid\": 2.345678901234567e-54,"))
    #expect(text.contains("\"value\": 0.3333333333333333\n"))
  }

  @Test func `an undetermined flag and a missing predecessor are null, other absent members are left out`() throws {
    let text = String(decoding: try ReportSamples.partial.report.json(), as: UTF8.self)
    #expect(text.contains("\"flag\": null"))
    #expect(text.contains("\"supersedes\": null"))
    #expect(!text.contains("calibration") && !text.contains("\"frame\"") && !text.contains("read_by"))
  }

  @Test func `empty arrays and text with quotes survive the indentation`() throws {
    let text = String(decoding: try ReportSamples.everyMember.report.json(), as: UTF8.self)
    #expect(text.contains(#""text": "Line one\nline \"two\" \\ 胸部""#))
    #expect(String(decoding: try ReportSamples.failed.report.json(), as: UTF8.self).contains("\"findings\": [],"))
  }

  @Test func `a report of another schema is not read`() throws {
    let text = String(decoding: try ReportSamples.failed.report.json(), as: UTF8.self)
      .replacing("triage-report/1", with: "triage-report/2")
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(TriageReport.self, from: Data(text.utf8)) }
  }

  @Test func `what we say ourselves never calls anything normal or a probability`() throws {
    for text in [Disclaimer.text, Disclaimer.line] {
      #expect(text.contains("Research use only"))
      #expect(text.localizedCaseInsensitiveContains("not for diagnosis"))
      #expect(text.contains("Absence of a flag does not mean absence of disease."))
    }
    for sample in ReportSamples.all {
      let json = String(decoding: try sample.report.json(), as: UTF8.self).lowercased()
      let tree = "\(try sample.structuredReport().content)".lowercased()
      for word in ["normal", "probability"] { #expect(!json.contains(word) && !tree.contains(word)) }
    }
  }

  /// JSON does not tell 4096.0 from 4096; a number without a fraction comes back as an integer.
  private static func integral(_ input: TriageReport.Input) -> TriageReport.Input {
    var input = input
    input.preprocess = input.preprocess?.map { step in
      ProcessingStep(
        step.step,
        step.params.mapValues { value in
          if case .number(let number) = value, let integer = Int(exactly: number) { return .integer(integer) }
          return value
        })
    }
    return input
  }
}
