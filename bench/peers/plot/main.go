// Command plot draws cost against size, as bench/compare -growth and bench/service -memory measured it: one SVG for each
// series of the CSV, whose third column is the cost and names its unit; both on logarithmic scales, where a flat line is a cost that does not grow, and one that climbs with the dashed one grows
// in proportion.
//
//	go run ./plot growth.csv FOLDER
package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "plot: want a CSV file and a folder")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(1)
	}
}

func run(file, folder string) error {
	unit, series, err := read(file)
	if err != nil {
		return err
	}
	for name, points := range series {
		if err := draw(name, unit, points, filepath.Join(folder, name+".svg")); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// read gives the unit and the points of each series.
func read(file string) (unit string, series map[string]plotter.XYs, err error) {
	f, err := os.Open(file)
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(rows) < 2 || len(rows[0]) < 3 || !slices.Equal(rows[0][:2], []string{"series", "size"}) {
		return "", nil, fmt.Errorf("%s: want the columns series, size, and the cost by its unit", file)
	}
	series = map[string]plotter.XYs{}
	for _, row := range rows[1:] {
		x, errX := strconv.ParseFloat(row[1], 64)
		y, errY := strconv.ParseFloat(row[2], 64)
		if err := errors.Join(errX, errY); err != nil {
			return "", nil, fmt.Errorf("%s: %w", file, err)
		}
		series[row[0]] = append(series[row[0]], plotter.XY{X: x, Y: y})
	}
	return rows[0][2], series, nil
}

func draw(name, unit string, points plotter.XYs, file string) error {
	p := plot.New()
	p.Title.Text = unit + " by " + name
	p.X.Label.Text, p.Y.Label.Text = name, unit
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogTicks{Prec: -1}, plot.LogTicks{Prec: -1}
	line, dots, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	line.Width, line.Color = vg.Points(2), color.RGBA{R: 0x1f, G: 0x5f, B: 0xbf, A: 0xff}
	dots.Color = line.Color
	proportional, err := plotter.NewLine(inProportion(points))
	if err != nil {
		return err
	}
	proportional.Dashes, proportional.Color = []vg.Length{vg.Points(4), vg.Points(4)}, color.Gray{Y: 0x99}
	p.Add(plotter.NewGrid(), proportional, line, dots)
	p.Legend.Add("measured", line)
	p.Legend.Add("in proportion", proportional)
	p.Legend.Top, p.Legend.Left = true, true
	lowest, highest := bounds(points)
	p.Y.Min, p.Y.Max = lowest/4, highest*8 // flat lines look flat
	p.X.Min, p.X.Max = points[0].X/1.1, points[len(points)-1].X*1.1
	return p.Save(14*vg.Centimeter, 9*vg.Centimeter, file)
}

// inProportion is the line through the last point that grows as the size does.
func inProportion(points plotter.XYs) plotter.XYs {
	last := points[len(points)-1]
	var line plotter.XYs
	for _, p := range points {
		line = append(line, plotter.XY{X: p.X, Y: last.Y * p.X / last.X})
	}
	return line
}

func bounds(points plotter.XYs) (lowest, highest float64) {
	lowest, highest = points[0].Y, points[0].Y
	for _, p := range points {
		lowest, highest = min(lowest, p.Y), max(highest, p.Y)
	}
	return lowest, highest
}
