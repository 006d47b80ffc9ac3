import DICOMCore
import Findings

/// A repeatable source of random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

/// A label with made-up prompts.
func label(
  _ name: String, present: [String] = ["yes"], absent: [String] = ["no"], on kind: ScoreKind = .softmax,
  threshold: Double = 0.5, priority: PriorityLevel = .medium
) -> LabelSet.Label {
  LabelSet.Label(
    name: name, title: name, code: CodedConcept(name, "99TEST", name), present: present, absent: absent,
    threshold: Threshold(on: kind, value: threshold, source: "test"), priority: priority)
}

func labelSet(_ labels: [LabelSet.Label]) -> LabelSet {
  LabelSet(
    id: "test", version: "1", title: "Test", source: "test", digest: ContentDigest(ofText: "test"), findings: labels)
}

func image(_ number: Int, frame: Int? = nil) throws -> ImageReference {
  ImageReference(sopInstanceUID: try uid("1.2.3.\(number)"), frame: frame)
}

func uid(_ text: String) throws -> UID {
  guard let uid = UID(text) else { throw MalformedFixture() }
  return uid
}

struct MalformedFixture: Error {}

/// Scores whose four values are all derived from one number in 0...1.
func scores(_ value: Double) -> FindingScores {
  FindingScores(cosine: value, logit: 10 * value, sigmoid: value, softmax: value)
}

func isClose(_ lhs: Double?, _ rhs: Double, within tolerance: Double = 1e-12) -> Bool {
  lhs.map { abs($0 - rhs) <= tolerance } ?? false
}
