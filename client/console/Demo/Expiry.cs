using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client;

namespace OrleansCache.Cli.Demo;

/// <summary>
/// An entry is used for its time to live and no longer, however often it is looked up, where entries in use are not renewed.
/// </summary>
internal sealed class Expiry(TimeSpan timeToLive) : IScene
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1.5);

    public string Title => "An entry's time to live ends";

    public async Task<SceneReport> PlayAsync(Stage stage, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var (region, key) = (stage.Regions[0], stage.ColdKey());
        var started = time.GetTimestamp();
        var rows = new List<IReadOnlyList<string>>();
        var loaded = await LookUpAsync().ConfigureAwait(false);
        rows.Add(Row("the first lookup", loaded));
        var (hits, last, now) = (0L, loaded, await LookUpAsync().ConfigureAwait(false));
        rows.Add(Row("the next one", now));
        while (now.Tier is Tier.Silo or Tier.Redis && time.GetElapsedTime(started) < timeToLive + Slack)
        {
            hits++;
            last = now;
            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellation).ConfigureAwait(false);
            now = await LookUpAsync().ConfigureAwait(false);
        }

        var ended = time.GetElapsedTime(started);
        rows.Add(Row($"the last of {Format.Count(hits)} hits", last));
        rows.Add(Row("the one after it", now));
        return new(
            $"{Title}: {key}, {Format.Duration(timeToLive)} less up to a tenth",
            ["lookup", "after#", "from", "TTL left#"],
            rows,
            [
                new("until then it was answered from memory", hits > 0),
                new("then it was loaded again, past memory and node", now.Tier is Tier.Owner or Tier.Catalog),
                new("lookups neither shortened nor extended its time", ended >= 0.85 * timeToLive && ended <= timeToLive + Slack),
            ]);

        ValueTask<LookupResult> LookUpAsync() => stage.LookUpAsync(key, region, cancellation);

        IReadOnlyList<string> Row(string what, LookupResult result) =>
            [what, Format.Duration(time.GetElapsedTime(started)), Format.Tier(result.Tier), Format.Duration(result.TimeToLive)];
    }
}
