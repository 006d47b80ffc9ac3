import PhantomStudies
import Testing

struct DeterminismTests {
  @Test("The same seed gives the same phantom, another seed another one")
  func seeds() {
    let (first, again, other) = (
      TrainingExample(seed: 77, size: 32, grid: 8), TrainingExample(seed: 77, size: 32, grid: 8),
      TrainingExample(seed: 78, size: 32, grid: 8)
    )
    #expect(first.image == again.image)
    #expect(first.coverage == again.coverage)
    #expect(first.truth == again.truth)
    #expect(first.image != other.image)
  }

  @Test("Drawing on many cores gives the order and the bytes of drawing one by one")
  func tasks() async {
    let together = await TrainingExample.draw(firstSeed: 300, count: 4, size: 32, grid: 8)
    let alone = (0..<4).map { TrainingExample(seed: 300 + UInt64($0), size: 32, grid: 8) }
    #expect(together.map(\.image) == alone.map(\.image))
    #expect(together.map(\.truth) == alone.map(\.truth))
  }

  @Test("A set of phantoms draws each alike, whatever is drawn before it")
  func sets() {
    let set = PhantomSet(count: 4, firstSeed: 900, variant: .mixed)
    let third = set.phantom(2)
    _ = set.phantom(0)
    #expect(set.phantom(2).image == third.image)
    #expect(PhantomSet(count: 9, firstSeed: 900, variant: .mixed).phantom(2).image == third.image)
  }

  @Test("Random chests cover every finding, alone and together, and healthy chests")
  func population() {
    let drawn = (0..<600).map { ChestParameters.random(seed: 10_000 + UInt64($0)).findings }
    for kind in FindingKind.allCases {
      let share = Double(drawn.count { $0.contains(kind) }) / 600
      #expect((0.2...0.42).contains(share), "\(kind.rawValue) in \(share)")
    }
    #expect(drawn.contains { $0.isEmpty })
    #expect(drawn.contains { $0.count >= 3 })
  }

  @Test("Random lesions lie in aerated lung, so that they can be seen")
  func visibleLesions() throws {
    for seed in UInt64(0)..<12 {
      var parameters = ChestParameters.random(seed: 20_000 + seed)
      guard let nodule = parameters.nodules.first else { continue }
      let mask = try #require(ChestDrawing(parameters).masks[.lungNodule])
      parameters.nodules = []
      let without = ChestDrawing(parameters)
      #expect(mask.values.contains { $0 > 0 })
      #expect(without.air.mean(where: mask) > Double(2 * nodule.radius))
    }
  }
}
