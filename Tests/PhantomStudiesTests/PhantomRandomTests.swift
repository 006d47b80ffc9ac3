import PhantomStudies
import Testing

struct PhantomRandomTests {
  @Test("The first numbers of seed 42 are those of the reference algorithm")
  func referenceNumbers() {
    var random = PhantomRandom(seed: 42)
    #expect(
      (0..<4).map { _ in random.next() } == [
        0x1578_0B2E_0C2E_C716, 0x6104_D986_6D11_3A7E, 0xAE17_5332_39E4_99A1, 0xECB8_AD47_03B3_60A1,
      ])
  }

  @Test("Streams of one seed differ from each other and from the seed's own numbers")
  func streams() {
    var generators = [
      PhantomRandom(seed: 7), PhantomRandom(seed: 7, stream: 1), PhantomRandom(seed: 7, stream: 2),
      PhantomRandom(seed: 8, stream: 1),
    ]
    let first = generators.indices.map { generators[$0].next() }
    #expect(Set(first).count == first.count)
  }

  @Test("Uniform numbers fill their range, normal numbers have mean 0 and variance 1")
  func moments() {
    var random = PhantomRandom(seed: 3)
    let uniform = (0..<20_000).map { _ in Double(random.uniform(-2...6)) }
    #expect(uniform.allSatisfy { (-2...6).contains($0) })
    #expect(abs(uniform.reduce(0, +) / 20_000 - 2) < 0.06)
    let normal = (0..<20_000).map { _ in Double(random.normal()) }
    #expect(abs(normal.reduce(0, +) / 20_000) < 0.03)
    #expect(abs(normal.map { $0 * $0 }.reduce(0, +) / 20_000 - 1) < 0.04)
    let whole = (0..<2_000).map { _ in random.integer(3...5) }
    #expect(Set(whole) == [3, 4, 5])
  }
}
