using System.Globalization;
using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;

namespace OrleansCache.Distance.Measuring;

/// <summary>What is measured, and how far apart the regions are.</summary>
internal sealed record MeasuringOptions
{
    private const double MostJitter = 1_000;
    private const double WholePercent = 100;

    public IReadOnlyList<NetworkDistance>? Distances { get; private init; }

    public TimeSpan Jitter { get; private init; }

    public double Loss { get; private init; }

    public bool Postgres { get; private init; }

    /// <summary>The names of the measurements.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>The round trip between two regions; zero without a network.</summary>
    public TimeSpan RoundTrip(string one, string other) =>
        Distances?.FirstOrDefault(distance => distance.Joins(one, other))?.RoundTrip ?? TimeSpan.Zero;

    /// <summary>The cluster to measure.</summary>
    public DistantClusterOptions Cluster(params IEnumerable<(string Prefix, int Books)> books) => new()
    {
        Distances = Distances,
        Jitter = Jitter,
        Loss = Loss,
        Postgres = Postgres,
        Books = books.ToDictionary(shelf => shelf.Prefix, shelf => shelf.Books),
    };

    /// <summary>Reads the arguments.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="all">The names of all measurements.</param>
    /// <exception cref="FormatException">An argument is wrong; the message names it and gives a valid one.</exception>
    public static MeasuringOptions Read(string[] args, IReadOnlyList<string> all)
    {
        var options = new MeasuringOptions { Only = all };
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--distance" => options with { Distances = NetworkDistance.Parse(Next(), DistantCluster.Regions) },
                "--jitter" => options with { Jitter = TimeSpan.FromMilliseconds(Number(MostJitter)) },
                "--loss" => options with { Loss = Number(WholePercent) / WholePercent },
                "--postgres" => options with { Postgres = true },
                "--only" => options with { Only = [.. Next().Split(',').Select(Known)] },
                var other => throw new FormatException($"\"{other}\" is not an option.{Environment.NewLine}{MeasuringProgram.Help}"),
            };

            string Next() => ++i < args.Length ? args[i] : throw new FormatException($"{args[^1]} has no value.");

            double Number(double most) =>
                double.TryParse(Next(), CultureInfo.InvariantCulture, out var value) && value >= 0 && value <= most
                    ? value
                    : throw new FormatException($"{args[i - 1]} is \"{args[i]}\"; give a number from 0 to {most}, such as 0.5.");
        }

        return options;

        string Known(string name) => all.Contains(name)
            ? name
            : throw new FormatException($"--only names \"{name}\"; there are {string.Join(", ", all)}.");
    }
}
