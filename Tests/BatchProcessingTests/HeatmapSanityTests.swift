import Findings
import Foundation
import Learning
import PhantomStudies
import PipelineDefinitions
import SigLIP
import Tensors
import TestSupport
import Testing

/// Whether maps of the demo encoder say anything about the encoder and the image: the sanity checks of Adebayo et al. (2018) and
/// the deletion and insertion of Petsiuk et al. (2018), on phantoms.
struct HeatmapSanityTests {
  /// Findings that lie somewhere; tubes run through half the image.
  private static let kinds: [FindingKind] = [.pneumothorax, .pleuralEffusion, .consolidation, .lungNodule]
  private static let demo = PackageRoot.path("SampleStudies/demo-encoder")

  @Test func `the map depends on the trained weights, most on those of the whole tower`() throws {
    let trained = try ExplainedEncoder(Self.demo)
    let folders = (try Self.randomized(["vision_model.head"]), try Self.randomized(["vision_model"]))
    let (head, tower) = (try ExplainedEncoder(folders.0.path), try ExplainedEncoder(folders.1.path))
    defer { withExtendedLifetime(folders) {} }
    var (byHead, byTower): ([Double], [Double]) = ([], [])
    for (kind, image) in try Self.phantoms(3) {
      let map = try trained.map(image, kind)
      byHead.append(try #require(Spearman.correlation(map, head.map(image, kind))))
      byTower.append(try #require(Spearman.correlation(map, tower.map(image, kind))))
    }
    #expect(byHead.mean < 0.5, "\(byHead.mean)")
    #expect(byTower.mean < 0.3, "\(byTower.mean)")
  }

  @Test func `maps of different findings differ, and from that of the empty prompt`() throws {
    let encoder = try ExplainedEncoder(Self.demo)
    var (others, empty): ([Double], [Double]) = ([], [])
    for (kind, image) in try Self.phantoms(3) {
      let map = try encoder.map(image, kind)
      for other in Self.kinds where other != kind {
        others.append(try #require(Spearman.correlation(map, encoder.map(image, other))))
      }
      empty.append(try #require(Spearman.correlation(map, encoder.map(image, towards: encoder.embedding("")))))
    }
    #expect(others.mean < 0.6, "\(others.mean)")
    #expect(empty.mean < 0.6, "\(empty.mean)")
  }

  @Test func `what the map calls relevant moves the score more than patches taken at random`() throws {
    let encoder = try ExplainedEncoder(Self.demo)
    var (byMap, atRandom) = (Curves(), Curves())
    for (index, (kind, image)) in try Self.phantoms(4).enumerated() {
      let map = try encoder.map(image, kind)
      let order = map.indices.sorted { (-map[$0], $0) < (-map[$1], $1) }
      byMap.add(try encoder.curves(image, kind, order))
      var generator = SeededGenerator(seed: UInt64(index))
      atRandom.add(try encoder.curves(image, kind, map.indices.shuffled(using: &generator)))
    }
    #expect(byMap.deletion.mean < atRandom.deletion.mean - 0.15, "\(byMap.deletion.mean) \(atRandom.deletion.mean)")
    #expect(byMap.insertion.mean > atRandom.insertion.mean + 0.1, "\(byMap.insertion.mean) \(atRandom.insertion.mean)")
  }

  /// Phantoms that show a finding, `count` of each.
  private static func phantoms(_ count: Int) throws -> [(FindingKind, Tensor)] {
    var found: [FindingKind: [Tensor]] = [:]
    var seed: UInt64 = 8_100_000
    while kinds.contains(where: { found[$0, default: []].count < count }) {
      let example = TrainingExample(seed: seed, size: 160, grid: 1)
      seed += 1
      let plane = example.image.map { Float($0) / 127.5 - 1 }
      let tensor = Tensor(shape: [3, 160, 160], values: plane + plane + plane)
      for kind in kinds where example.truth.parameters.findings.contains(kind) && found[kind, default: []].count < count
      {
        found[kind, default: []].append(tensor)
      }
    }
    return kinds.flatMap { kind in found[kind, default: []].map { (kind, $0) } }
  }

  /// The demo encoder with the values of every tensor whose name begins so in another order.
  private static func randomized(_ prefixes: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["config.json", "preprocessor_config.json", "spiece.model"] {
      try FileManager.default.copyItem(atPath: demo + "/" + name, toPath: folder.path(name))
    }
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: demo + "/model.safetensors")))
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any])
    var generator = SeededGenerator(seed: 1)
    for (name, entry) in header.sorted(by: { $0.key < $1.key }) where prefixes.contains(where: name.hasPrefix) {
      let offsets = try #require((entry as? [String: Any])?["data_offsets"] as? [Int])
      let start = 8 + length + offsets[0]
      // Values of two bytes.
      let count = (offsets[1] - offsets[0]) / 2
      let order = (0..<count).shuffled(using: &generator)
      let values = Array(bytes[start..<start + 2 * count])
      for (place, source) in order.enumerated() {
        bytes[start + 2 * place] = values[2 * source]
        bytes[start + 2 * place + 1] = values[2 * source + 1]
      }
    }
    try folder.write(bytes, to: "model.safetensors")
    return folder
  }
}

/// The demo encoder with the prompts of its findings.
private struct ExplainedEncoder {
  private let model: SigLIPModel
  private let directions: [FindingKind: [Float]]

  init(_ directory: String) throws {
    model = try SigLIPModel(directory: directory)
    let labels = try LabelSetFile.phantomDemo()
    var directions: [FindingKind: [Float]] = [:]
    for (kind, label) in labels {
      let present = try Self.mean(label.present, model)
      let absent = try Self.mean(label.absent, model)
      directions[kind] = zip(present, absent).map { $0 - $1 }
    }
    self.directions = directions
  }

  private static func mean(_ prompts: [String], _ model: SigLIPModel) throws -> [Float] {
    let embeddings = try prompts.map { try model.textEmbedding($0) }
    let sum = embeddings[0].indices.map { place in embeddings.reduce(Float(0)) { $0 + $1[place] } }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { $0 / length }
  }

  func embedding(_ prompt: String) throws -> [Float] { try model.textEmbedding(prompt) }

  func map(_ image: Tensor, _ kind: FindingKind) throws -> [Double] {
    try map(image, towards: try #require(directions[kind]))
  }

  func map(_ image: Tensor, towards direction: [Float]) throws -> [Double] {
    try model.explainedEmbedding(image) { _ in [direction] }.relevance[0].values.map(Double.init)
  }

  func score(_ image: Tensor, _ kind: FindingKind) throws -> Double {
    let direction = try #require(directions[kind])
    return zip(try model.imageEmbedding(image), direction).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// Mean scores while patches are taken away or put in, a tenth at a time; what is away is the image's mean.
  func curves(_ image: Tensor, _ kind: FindingKind, _ order: [Int]) throws -> (deletion: Double, insertion: Double) {
    let mean = image.values.reduce(0, +) / Float(image.values.count)
    let blank = Tensor(shape: image.shape, values: image.values.map { _ in mean })
    var (deletion, insertion): ([Double], [Double]) = ([], [])
    for count in stride(from: 0, through: order.count, by: order.count / 10) {
      let patches = Set(order.prefix(count))
      deletion.append(try score(Self.mixed(image, blank, patches), kind))
      insertion.append(try score(Self.mixed(blank, image, patches), kind))
    }
    return (deletion.mean, insertion.mean)
  }

  /// `image` with the given patches of 16 x 16 pixels from `other`.
  private static func mixed(_ image: Tensor, _ other: Tensor, _ patches: Set<Int>) -> Tensor {
    var values = image.values
    for patch in patches {
      for channel in 0..<3 {
        for row in 0..<16 {
          let start = (channel * 160 + patch / 10 * 16 + row) * 160 + patch % 10 * 16
          values.replaceSubrange(start..<start + 16, with: other.values[start..<start + 16])
        }
      }
    }
    return Tensor(shape: image.shape, values: values)
  }
}

private struct Curves {
  var deletion: [Double] = []
  var insertion: [Double] = []

  mutating func add(_ curves: (deletion: Double, insertion: Double)) {
    deletion.append(curves.deletion)
    insertion.append(curves.insertion)
  }
}

/// The findings of the demo pipeline with their prompts.
private enum LabelSetFile {
  static func phantomDemo() throws -> [(FindingKind, (present: [String], absent: [String]))] {
    let windows = try WindowCatalog(loading: PackageRoot.path("Windowing"))
    let pipeline = try Pipeline(loading: PackageRoot.path("Pipelines/phantom-demo.yaml"), windows: windows.windows)
    return FindingKind.allCases.compactMap { kind in
      let name = kind == .lungNodule ? "lung-lesion" : kind.rawValue
      return pipeline.labelSet.findings.first { $0.name == name }.map { (kind, ($0.present, $0.absent)) }
    }
  }
}

/// SplitMix64, for orders that are the same in every run.
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension [Double] {
  fileprivate var mean: Double { reduce(0, +) / Double(count) }
}
