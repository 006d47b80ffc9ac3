import Foundation
import PixelTransforms

/// The transformations once more, slow and plain, in double precision where the product's arithmetic is not the point.
enum Reference {
  /// PS3.3 C.11.2.1.2.1, C.11.2.1.3.1 and C.11.2.1.3.2, written as the standard's pseudo-code with ymin 0 and ymax 1.
  static func display(_ x: Double, _ window: VOIWindow) -> Double {
    let (c, w) = (window.center, window.width)
    switch window.function {
    case .linear:
      if x <= c - 0.5 - (w - 1) / 2 { return 0 }
      if x > c - 0.5 + (w - 1) / 2 { return 1 }
      return ((x - (c - 0.5)) / (w - 1) + 0.5) * (1 - 0) + 0
    case .linearExact:
      if x <= c - w / 2 { return 0 }
      if x > c + w / 2 { return 1 }
      return ((x - c) / w + 0.5) * (1 - 0) + 0
    case .sigmoid:
      return (1 - 0) / (1 + exp(-4 * ((x - c) / w))) + 0
    }
  }

  /// Bilinear with half-pixel centres, no antialias: each output pixel from four neighbours, the image edge repeated.
  static func resize(_ image: [[Double]], size: Int) -> [[Double]] {
    let side = image.count
    func position(_ index: Int) -> Double { (Double(index) + 0.5) * Double(side) / Double(size) - 0.5 }
    func pixel(_ y: Int, _ x: Int) -> Double { image[min(side - 1, max(0, y))][min(side - 1, max(0, x))] }
    return (0..<size).map { row in
      (0..<size).map { column in
        let (y, x) = (position(row), position(column))
        let (y0, x0) = (floor(y), floor(x))
        let (fy, fx) = (y - y0, x - x0)
        let (top, left) = (Int(y0), Int(x0))
        return (1 - fy) * (1 - fx) * pixel(top, left) + (1 - fy) * fx * pixel(top, left + 1)
          + fy * (1 - fx) * pixel(top + 1, left) + fy * fx * pixel(top + 1, left + 1)
      }
    }
  }

  /// Zero-pads to a square; the image starts at half the difference, rounded down.
  static func padded(_ image: [[Double]]) -> [[Double]] {
    let (rows, columns) = (image.count, image[0].count)
    let side = max(rows, columns)
    var result = [[Double]](repeating: [Double](repeating: 0, count: side), count: side)
    for y in 0..<rows {
      for x in 0..<columns { result[y + (side - rows) / 2][x + (side - columns) / 2] = image[y][x] }
    }
    return result
  }
}
