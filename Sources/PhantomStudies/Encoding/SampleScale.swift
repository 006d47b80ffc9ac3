/// The way from the log signal to stored samples, and the numbers a data set needs to say how to go back.
struct SampleScale {
  let form: StoredForm
  /// The largest stored value.
  let largest: Double
  private let window: DisplayWindow

  init(_ form: StoredForm, _ window: DisplayWindow) {
    self.form = form
    self.window = window
    largest = Double(1 << form.bitsStored) - 1
  }

  /// The share of the sample range on each side of the display window: an 8-bit image is windowed before it is stored.
  private var margin: Double { form.bitsStored == 8 ? 0.03 : 0.25 }

  /// The ends of the window on the scale of unrescaled modality values.
  var windowEnds: (low: Double, high: Double) {
    if form.voi == .sigmoid { return (largest * 0.5 - sigmoidWidth / 2, largest * 0.5 + sigmoidWidth / 2) }
    let ends = (low: largest * margin, high: largest * (1 - margin))
    return (ends.low.rounded(), ends.high.rounded())
  }

  /// A SIGMOID window of this width spreads display values 0.2 % ... 99.8 % over the samples: 4 · ln(0.998/0.002) widths' halves.
  private var sigmoidWidth: Double { (largest / 3.11).rounded() }

  /// The modality value, before rescale, that shows as `signal` does, 0...largest.
  func modalityValue(_ signal: Float) -> Double {
    let level = Double((signal - window.low) / (window.high - window.low))
    let (low, high) = windowEnds
    let value: Double
    if form.voi == .sigmoid {
      let held = Float(min(max(level, 0.002), 0.998))
      value = (low + high) / 2 + (high - low) / 4 * Double(PortableMath.log(held / (1 - held)))
    } else {
      value = low + (high - low) * level
    }
    return min(max(value, 0), largest)
  }

  /// The stored sample of a signal in a MONOCHROME2 image; MONOCHROME1 stores its complement.
  func sample(_ signal: Float) -> Int {
    let value = modalityValue(signal)
    let code = form.modalityTransform == .lut ? Self.companded(value / largest) * largest : value
    let rounded = Int(code.rounded())
    return form.isMonochrome1 ? Int(largest) - rounded : rounded
  }

  /// The square root: what a Modality LUT Sequence undoes.
  private static func companded(_ share: Double) -> Double { share.squareRoot() }

  /// Modality values, 0...65535, by stored sample.
  var modalityTable: [Int] {
    (0...Int(largest)).map { code in
      let share = Double(form.isMonochrome1 ? Int(largest) - code : code) / largest
      let expanded = share * share
      return Int(((form.isMonochrome1 ? 1 - expanded : expanded) * 65535).rounded())
    }
  }

  /// The window in the unit that the modality transform gives; MONOCHROME1 mirrors it.
  var windowInModalityUnits: (low: Double, high: Double) {
    var (low, high) = windowEnds
    if form.isMonochrome1 { (low, high) = (largest - high, largest - low) }
    switch form.modalityTransform {
    case .identity: return (low, high)
    case .rescale(let slope, let intercept): return (low * slope + intercept, high * slope + intercept)
    case .lut: return ((low / largest * 65535).rounded(), (high / largest * 65535).rounded())
    }
  }
}
