import Findings
import Foundation
import TestSupport
import Testing

/// Without `BUCKY_SHARED` it is not checked that our raw values are those of the report schema.
@Suite(.enabled(if: SharedData.path("triage_report.schema.json") != nil, "BUCKY_SHARED is not set"))
struct ReportSchemaTests {
  private func enumeration(_ path: String...) throws -> Set<String> {
    let file = try #require(SharedData.path("triage_report.schema.json"))
    var node: Any = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file)))
    for step in path {
      if let index = Int(step) {
        node = try #require(node as? [Any])[index]
      } else {
        node = try #require((node as? [String: Any])?[step])
      }
    }
    return Set(try #require(node as? [String]))
  }

  @Test func `the reasons for no assist are those of the schema`() throws {
    let reasons = try enumeration("properties", "no_assist", "oneOf", "1", "properties", "code", "enum")
    #expect(Set(NoAssistReason.allCases.map(\.rawValue)) == reasons)
  }

  @Test func `priority levels, score kinds and aggregations are in the schema`() throws {
    let levels = try enumeration("properties", "priority", "properties", "level", "enum")
    #expect(Set(PriorityLevel.allCases.map(\.rawValue)) == levels)
    let finding = ["properties", "findings", "items", "properties"]
    let kinds = try enumeration(
      finding[0], finding[1], finding[2], finding[3], "threshold", "properties", "on", "enum")
    #expect(Set(ScoreKind.allCases.map(\.rawValue)).isSubset(of: kinds))
    let aggregations = try enumeration(finding[0], finding[1], finding[2], finding[3], "aggregation", "enum")
    for aggregation in [StudyAggregation.max, .mean, .noisyOr, .topKMean(k: 2)] {
      #expect(aggregations.contains(aggregation.name))
    }
  }
}
