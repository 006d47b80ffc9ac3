/// The generator behind every phantom: xoshiro256**, seeded through SplitMix64 (Blackman and Vigna, 2021).
///
/// The same seed gives the same numbers on every machine; nothing depends on a clock or on the process.
package struct PhantomRandom: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  package init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// A generator for one named purpose, so that a new draw for one purpose leaves the others as they were.
  package init(seed: UInt64, stream: UInt64) {
    var mixer = SplitMix64(state: seed)
    let first = mixer.next()
    self.init(seed: first ^ (stream &* 0x9E37_79B9_7F4A_7C15))
  }

  package mutating func next() -> UInt64 {
    let result = Self.rotate(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = Self.rotate(state.3, by: 45)
    return result
  }

  private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }
}

extension PhantomRandom {
  /// A number in `0..<1` with 24 random bits.
  package mutating func unit() -> Float { Float(next() >> 40) * 0x1p-24 }

  package mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  package mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() >> 33) % (range.upperBound - range.lowerBound + 1)
  }

  package mutating func chance(_ probability: Float) -> Bool { unit() < probability }

  package mutating func pick<Element>(_ choices: [Element]) -> Element { choices[integer(0...choices.count - 1)] }

  /// Nearly normal, mean 0, variance 1, within ±3.46: the scaled sum of four 16-bit uniforms (Irwin–Hall).
  package mutating func normal() -> Float {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    return (Float(sum) - 131_070) * 2.642_9e-5
  }
}

private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
