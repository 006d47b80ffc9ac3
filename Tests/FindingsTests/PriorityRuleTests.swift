import DICOMCore
import Findings
import Testing

struct PriorityRuleTests {
  private func finding(_ label: LabelSet.Label, _ value: Double) throws -> StudyFinding {
    StudyFinding(label: label, scores: scores(value), evidence: [try image(1)], aggregation: .max)
  }

  @Test func `a study takes the highest level among its flagged findings`() throws {
    let findings = [
      try finding(label("mild", threshold: 0.5, priority: .low), 1),
      try finding(label("urgent", threshold: 0.5, priority: .high), 0.75),
      try finding(label("unflagged", threshold: 0.9, priority: .high), 0.8),
    ]
    let decision = PriorityRule().decision(for: findings)
    #expect(decision.level == .high)
    #expect(decision.rankScore == 0.5)
    #expect(decision.ruleID == "highest-flagged-finding/1")
    #expect(
      decision.because == [
        "urgent: softmax 0.7500 reaches its threshold 0.5000", "mild: softmax 1.0000 reaches its threshold 0.5000",
      ])
  }

  @Test func `without a flag there is no priority`() throws {
    let decision = PriorityRule().decision(for: [try finding(label("finding", threshold: 0.5), 0.4)])
    #expect(decision == .unranked)
    #expect(decision.level == .none && decision.because.isEmpty && decision.rankScore == 0)
  }

  @Test func `a finding of priority none is reported and moves nothing`() throws {
    let devices = try finding(label("devices", threshold: 0.5, priority: .none), 0.9)
    #expect(devices.flag == true)
    #expect(PriorityRule().decision(for: [devices]) == .unranked)
  }

  @Test func `a pipeline can replace the levels of the label set`() throws {
    let finding = try finding(label("finding", threshold: 0.5, priority: .low), 0.9)
    #expect(PriorityRule(levels: ["finding": .high]).decision(for: [finding]).level == .high)
    #expect(PriorityRule(levels: ["finding": .none]).decision(for: [finding]).level == .none)
    #expect(PriorityRule(levels: ["other": .high]).decision(for: [finding]).level == .low)
  }

  @Test func `thresholds on different scores compare by how far they are exceeded`() throws {
    let cosine = try finding(label("cosine", on: .cosine, threshold: 0.2, priority: .high), 0.6)
    let softmax = try finding(label("softmax", on: .softmax, threshold: 0.5, priority: .high), 0.6)
    let decision = PriorityRule().decision(for: [softmax, cosine])
    #expect(isClose(decision.rankScore, 0.5))
    #expect(decision.because.first?.hasPrefix("cosine:") == true)
  }

  @Test func `levels are ordered`() {
    #expect(PriorityLevel.allCases.sorted() == [.none, .low, .medium, .high])
  }
}
