/// Elementary functions made of additions, multiplications and `squareRoot` alone.
///
/// The C library picks variants by CPU, which may differ in the last bit. A phantom must have the same bytes everywhere,
/// so its drawing uses these. Relative error is below 1e-6, far below the noise of a detector.
enum PortableMath {
  static let pi: Float = 3.141_592_7

  /// e to the power of `x`; the argument is held within ±80.
  @inline(__always)
  static func exp(_ x: Float) -> Float {
    let scaled = min(max(x, -80), 80) * 1.442_695
    let whole = scaled.rounded(.down)
    let f = scaled - whole
    // 2^f on 0..<1, minimax of degree 6.
    var p: Float = 0.000_218_944_95
    p = p * f + 0.001_240_222_1
    p = p * f + 0.009_680_277_2
    p = p * f + 0.055_484_369
    p = p * f + 0.240_229_09
    p = p * f + 0.693_147_1
    p = p * f + 1
    return p * Float(bitPattern: UInt32(Int32(whole) + 127) << 23)
  }

  /// The natural logarithm of a positive normal number.
  @inline(__always)
  static func log(_ x: Float) -> Float {
    let bits = max(x, 1e-30).bitPattern
    // The mantissa moves to sqrt(1/2) ..< sqrt(2), where the series in (m-1)/(m+1) converges fast.
    let shifted = bits &- 0x3F35_04F3
    let exponent = Float(Int32(bitPattern: shifted) >> 23)
    let m = Float(bitPattern: (shifted & 0x007F_FFFF) &+ 0x3F35_04F3)
    let r = (m - 1) / (m + 1)
    let s = r * r
    return 2 * r * (1 + s * (0.333_333_34 + s * (0.2 + s * (0.142_857_15 + s * 0.111_111_11)))) + exponent * 0.693_147_2
  }

  static func pow(_ base: Float, _ exponent: Float) -> Float {
    base <= 0 ? 0 : exp(exponent * log(base))
  }

  static func sin(_ x: Float) -> Float {
    let turns = x * 0.159_154_94
    var t = turns - turns.rounded()  // -0.5 ... 0.5 of a turn
    if t > 0.25 { t = 0.5 - t } else if t < -0.25 { t = -0.5 - t }
    let a = t * 6.283_185_3
    let s = a * a
    return a * (1 - s * (0.166_666_67 - s * (0.008_333_333_3 - s * (0.000_198_412_7 - s * 2.755_73e-6))))
  }

  static func cos(_ x: Float) -> Float { sin(x + pi / 2) }

  /// 0 below `low`, 1 above `high`, a cubic between.
  @inline(__always)
  static func smoothstep(_ low: Float, _ high: Float, _ x: Float) -> Float {
    let t = min(max((x - low) / (high - low), 0), 1)
    return t * t * (3 - 2 * t)
  }

  /// Half the chord of a unit circle at distance `sqrt(q)` from its centre; 0 outside.
  @inline(__always)
  static func chord(_ q: Float) -> Float { q < 1 ? (1 - q).squareRoot() : 0 }
}
