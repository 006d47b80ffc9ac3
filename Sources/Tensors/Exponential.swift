/// e to the power of each lane, within 2e-7 relative of the true value.
///
/// x = n·ln 2 + r with n whole and |r| ≤ ln 2 / 2; then e^x = 2^n · e^r, and the Taylor series of degree 7 leaves
/// r⁸/8! < 6e-9. Arguments are held in [-87, 88], where 2^n is a normal number; NaN stays NaN.
@inline(__always)
func exponential(_ x: Lanes) -> Lanes {
  var x = x.replacing(with: -87, where: x .< -87)
  x = x.replacing(with: 88, where: x .> 88)

  // Adding 1.5·2²³ leaves the nearest whole number in the low bits of the sum.
  let shifter: Float = 12_582_912
  let shifted = x * 1.442_695_04 + shifter
  let n = shifted - shifter

  // ln 2 in two parts: the first has few enough bits for n times it to be exact.
  let r = (x - n * 0.693_145_751_953_125) - n * 1.428_606_820_309_417e-6

  var series = r * (1 / 5_040) + (1 / 720)
  series = series * r + (1 / 120)
  series = series * r + (1 / 24)
  series = series * r + (1 / 6)
  series = series * r + 0.5
  series = series * r + 1
  series = series * r + 1

  let power = (shifted.integerBits &<< 23) &+ 0x3F80_0000
  return series * Lanes(integerBits: power)
}
