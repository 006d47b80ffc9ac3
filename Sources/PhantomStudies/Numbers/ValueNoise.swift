/// Smooth random texture: hashed lattice values, interpolated with smoothstep weights.
struct ValueNoise {
  private let salt: UInt32

  init(seed: UInt64) {
    salt = UInt32(truncatingIfNeeded: seed ^ seed >> 32)
  }

  /// A value in `-1...1` that changes over a distance of about 1.
  @inline(__always)
  func value(_ x: Float, _ y: Float) -> Float {
    let (x0, y0) = (x.rounded(.down), y.rounded(.down))
    let (fx, fy) = (x - x0, y - y0)
    let (wx, wy) = (fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy))
    let (ix, iy) = (Int32(x0), Int32(y0))
    let top = lattice(ix, iy) + wx * (lattice(ix &+ 1, iy) - lattice(ix, iy))
    let bottom = lattice(ix, iy &+ 1) + wx * (lattice(ix &+ 1, iy &+ 1) - lattice(ix, iy &+ 1))
    return top + wy * (bottom - top)
  }

  @inline(__always)
  private func lattice(_ x: Int32, _ y: Int32) -> Float {
    var h = UInt32(bitPattern: x) &* 0x8DA6_B343 ^ UInt32(bitPattern: y) &* 0xD816_3841 ^ salt
    h = (h ^ (h >> 15)) &* 0x2C1B_3C6D
    h = (h ^ (h >> 12)) &* 0x297A_2D39
    h ^= h >> 15
    return Float(h >> 8) * 0x1p-23 - 1
  }
}
