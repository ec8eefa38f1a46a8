using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>The states of all regions.</summary>
internal sealed class RegionStates
{
    private readonly FrozenDictionary<string, RegionState> _regions;
    private readonly TaskCompletionSource _firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RegionStates(RegionMap regions, IOptions<CacheClientOptions> clientOptions, ProcessLag lag, TimeProvider time)
    {
        var slack = clientOptions.Value.AttemptBudget;
        _regions = regions.Names.ToFrozenDictionary(
            name => name,
            _ => new RegionState(new(slack, lag), lag, time, () => _firstAnswer.TrySetResult()));
    }

    /// <summary>Completes when a gateway of any region has answered for the first time.</summary>
    public Task FirstAnswer => _firstAnswer.Task;

    /// <summary>The state of a region.</summary>
    public RegionState Of(string region) => _regions[region];

    /// <summary>The round trip to a region; of an unknown one, as long as any may be.</summary>
    public TimeSpan RoundTripTo(string region) => _regions.GetValueOrDefault(region)?.Distance.RoundTrip ?? RegionDistance.Unmeasured;

    /// <summary>The measured round trips to regions.</summary>
    public IEnumerable<(string Region, TimeSpan Time)> RoundTrips() =>
        _regions.Where(region => region.Value.Distance.RoundTrip is not null)
            .Select(region => (region.Key, region.Value.Distance.RoundTrip!.Value));

    /// <summary>The states of all regions.</summary>
    public IEnumerable<(string Name, RegionState State)> All() => _regions.Select(region => (region.Key, region.Value));

    /// <summary>Places in the order in which they are asked: silent regions last, and behind them those that cannot be reached.</summary>
    /// <param name="places">The places in the order of a healthy cluster.</param>
    /// <param name="regionOf">The region of a place.</param>
    public IReadOnlyList<T> InOrder<T>(IReadOnlyList<T> places, Func<T, string> regionOf)
    {
        // In the usual case nothing is sorted.
        foreach (var state in _regions.Values)
        {
            if (state.IsLast)
                return [.. places.OrderBy(place => Of(regionOf(place)).Status is var status && status > RegionStatus.Ready ? status : 0)];
        }

        return places;
    }
}
