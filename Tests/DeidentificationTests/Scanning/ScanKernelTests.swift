import CScanning
import DICOMCore
import PhantomStudies
import Testing

/// Every path of the kernels gives what the reference gives, bit for bit.
struct ScanKernelTests {
  /// Planes of many sizes: noise, steps, single values, the ends of the range, and text.
  static func planes() throws -> [ScanReference] {
    var random = PhantomRandom(seed: 41)
    var planes: [ScanReference] = []
    for (width, height) in [(1, 1), (2, 9), (7, 3), (31, 33), (32, 32), (64, 40), (65, 97), (130, 61)] {
      let count = width * height
      planes += [
        (0..<count).map { _ in Int16(truncatingIfNeeded: random.next()) },
        (0..<count).map { _ in Int16(max(-40, min(60, 12 * random.normal()))) },
        (0..<count).map { _ in random.chance(0.3) ? 7 : Int16(random.integer(0...3)) },
        (0..<count).map { _ in random.chance(0.5) ? .min : .max },
        (0..<count).map { $0 % width > width / 2 ? 900 : Int16($0 / width % 5) },
      ].map { ScanReference(width: width, height: height, values: $0) }
    }
    let frame = Ground.noise.frame(seed: 5)
    let text = BurnedText(text: "Jones, Mary 1964", pixels: 18)
    let drawn = try #require(try text.burned(into: frame, column: 30, row: 40)).frame
    planes.append(
      ScanReference(width: 300, height: 120, values: drawn.bytes.prefix(300 * 120).map { Int16($0) }))
    return planes
  }

  @Test(arguments: ScanPath.all) func `Responses and peaks are those of openings and closings`(_ path: ScanPath) throws
  {
    for plane in try Self.planes() {
      let found = path.responses(plane)
      for (isDark, response, peaks) in [(false, found.light, found.peaks[0]), (true, found.dark, found.peaks[1])] {
        #expect(response == plane.response(isDark: isDark), "\(plane.width) x \(plane.height)")
        #expect(peaks == plane.peaks(response))
      }
    }
  }

  @Test(arguments: ScanPath.all) func `Noise and thresholds are those of sorted samples`(_ path: ScanPath) throws {
    for plane in try Self.planes() {
      let found = path.responses(plane)
      for (response, peaks) in [(found.light, found.peaks[0]), (found.dark, found.peaks[1])] {
        for block in peaks.indices {
          #expect(path.noise(plane, response, block: block, peak: peaks[block]) == plane.noise(response, block: block))
        }
        for smallest in [2, 30, 500] {
          let thresholds = path.thresholds(plane, response, peaks, smallest: smallest)
          let expected = plane.thresholds(response, smallest: smallest)
          #expect(thresholds.found == expected.count { $0 != nil })
          #expect(thresholds.aboveNoise == expected.map { $0.map { UInt16(min(65535, $0.aboveNoise)) } ?? .max })
          #expect(thresholds.nearPeak == expected.map { $0.map { UInt16(min(65535, $0.nearPeak)) } ?? .max })
        }
      }
    }
  }

  @Test(arguments: ScanPath.all) func `Components are those of flooding`(_ path: ScanPath) throws {
    var count = 0
    for plane in try Self.planes() {
      let found = path.responses(plane)
      for (isDark, response, peaks) in [(false, found.light, found.peaks[0]), (true, found.dark, found.peaks[1])] {
        let thresholds = path.thresholds(plane, response, peaks, smallest: 2)
        for bounds in [thresholds.aboveNoise, thresholds.nearPeak] {
          let components = path.components(plane, response, bounds, isDark: isDark)
          count += components.count
          #expect(
            components
              == plane.strokes(response, above: bounds.map { $0 == .max ? nil : Int($0) }, isDark: isDark))
        }
      }
      for pen in Set(plane.values.prefix(5)).union([7]) {
        let expected = plane.pens(pen)
        #expect(path.components(plane, pen: pen) == expected)
        // Specks are left out from the beginning.
        let long = expected.filter { max($0.box[1] - $0.box[0], $0.box[3] - $0.box[2]) >= 3 }
        #expect(path.components(plane, pen: pen, leastLong: 4) == long)
      }
    }
    #expect(count > 500)
  }

  @Test(arguments: ScanPath.all) func `Planes are made, measured and halved as said`(_ path: ScanPath) throws {
    for plane in try Self.planes() {
      let values = plane.values
      let bytes = values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      #expect(path.words(bytes, flip: 0) == values)
      #expect(path.words(bytes, flip: 0x8000) == values.map { $0 ^ .min })
      #expect(path.range(values) == values.min()!...values.max()!)
      #expect(path.count(values, atMost: 3) == values.count { $0 <= 3 })
      let half = (0..<plane.height / 2 * (plane.width / 2)).map { place in
        let first = place / (plane.width / 2) * 2 * plane.width + place % (plane.width / 2) * 2
        let sum = [0, 1, plane.width, plane.width + 1].reduce(0) { $0 + Int(values[first + $1]) }
        return Int16((sum + 2) >> 2)
      }
      #expect(path.halved(plane) == half)
    }
  }

  @Test func `A histogram counts every value, of a wide range too`() throws {
    for plane in try Self.planes() {
      let (least, greatest) = (plane.values.min()!, plane.values.max()!)
      var counts = [UInt32](repeating: 0, count: Int(greatest) - Int(least) + 1)
      let range = counts.count
      unsafe cs_histogram(plane.values, plane.values.count, least, range, &counts)
      let expected = Dictionary(plane.values.map { (Int($0) - Int(least), UInt32(1)) }, uniquingKeysWith: +)
      #expect(counts.indices.allSatisfy { counts[$0] == expected[$0, default: 0] })
    }
  }

  @Test(arguments: ScanPath.all) func `A word of a pattern is found wherever it stands, and nothing before it`(
    _ path: ScanPath
  ) {
    var random = PhantomRandom(seed: 9)
    let allowed = Array("jones,4711".utf8) + [0]
    let planted = Array("jone".utf8).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    for length in [4, 63, 64, 200, 1030] {
      for place in 0..<length / 4 {
        // Bytes of patterns in other words, bytes of none, and zeros.
        var bytes = (0..<length).map { _ in random.chance(0.5) ? random.pick(allowed) : UInt8(random.integer(0...255)) }
        if random.chance(0.2) { bytes = bytes.map { _ in 0 } }
        bytes.replaceSubrange(4 * place..<4 * place + 4, with: random.chance(0.5) ? "jone".utf8 : "JoNe".utf8)
        let upper = allowed + Array("JONES".utf8)
        let found = path.nextWord(bytes, from: 0, allowed: upper, hashed: [planted], hasZero: false)
        let first = (0..<bytes.count / 4).first { word in
          let number = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[4 * word + $1]) }
          return ScanPath.hash(number) == ScanPath.hash(planted)
            && (0..<4).allSatisfy { upper.contains(bytes[4 * word + $0]) }
        }
        // The hash alone may let others pass, never fewer.
        #expect(found <= first ?? .max)
        #expect(path.nextWord(bytes, from: place, allowed: upper, hashed: [planted], hasZero: false) == place)
      }
    }
  }
}
