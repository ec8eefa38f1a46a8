using System.Globalization;
using Microsoft.Extensions.Options;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>
/// Sends edits to the owner of their slot:
/// 1. through the home region's client, then through those of the others, repeatedly until the deadline: repeating an edit with the same id
///    is safe, and a slot whose silo is lost soon has another owner;
/// 2. a region that is not connected, or fails at once, costs no time; nothing was sent there;
/// 3. an attempt has the whole operation timeout: an edit waits for the leases of readers that cannot be reached, and repeating it does not
///    help;
/// 4. once an attempt's outcome is unknown, only the answer to a repeat tells it, so that a refusal of a repeat does not end the edit.
/// </summary>
internal sealed class Editor(
    IOwnerGrains owners,
    FirstConnection connection,
    RegionMap regions,
    IOptions<CacheClientOptions> clientOptions,
    TimeProvider time)
{
    // The pause between two rounds over all regions doubles from the first to the longest.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CacheClientOptions _options = clientOptions.Value;

    /// <summary>Makes edits of one slot.</summary>
    /// <returns>The result of each, in order.</returns>
    /// <exception cref="RegionUnavailableException">No region was reachable before the deadline; nothing was sent.</exception>
    /// <exception cref="OutcomeUnknownException">The edits may have been made or not.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog is unavailable; nothing was changed.</exception>
    public async Task<EditResult[]> EditAsync(int slot, Edit[] edits, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await connection.WaitAsync(cancellation).ConfigureAwait(false);
        var began = time.GetTimestamp();
        var mayBeMade = false;
        Exception? last = null;
        for (var pause = FirstPause; ; pause = Min(2 * pause, LongestPause))
        {
            foreach (var region in regions.OrderFrom(regions.Home))
            {
                var budget = Min(Remaining(), _options.OperationTimeout);
                try
                {
                    return await AttemptAsync(region, slot, edits, budget, cancellation).ConfigureAwait(false);
                }
                catch (RegionUnavailableException error)
                {
                    last ??= error;
                }
                catch (CatalogUnavailableException) when (!mayBeMade)
                {
                    throw;
                }
                catch (Exception error) when (MayBeRepeated(error) && !cancellation.IsCancellationRequested)
                {
                    mayBeMade |= error is not (CatalogUnavailableException or StaleEpochException) || edits.Length > 1;
                    last = error;
                }
            }

            await Task.Delay(Min(pause, Remaining()), time, cancellation).ConfigureAwait(false);
        }

        TimeSpan Remaining() => _options.EditDeadline - time.GetElapsedTime(began) is { Ticks: > 0 } remaining
            ? remaining
            : throw Failure(edits, mayBeMade, last);
    }

    /// <summary>The error that tells an author why a conditional edit was not made.</summary>
    public static EditConflictException Conflict(Edit edit, RowVersion current)
    {
        var expected = edit switch
        {
            { ExpectedVersion: 0 } => "no such book was expected",
            { ExpectedTag: { } tag } =>
                string.Create(CultureInfo.InvariantCulture, $"version {edit.ExpectedVersion} with the tag {tag} was expected"),
            _ => string.Create(CultureInfo.InvariantCulture, $"version {edit.ExpectedVersion} was expected"),
        };
        // A removal has a version, too, and the result does not say whether the last edit was one.
        var found = current == RowVersion.None
            ? "there has never been one"
            : string.Create(CultureInfo.InvariantCulture, $"its last edit made version {current.Version} with the tag {current.Tag}");
        return new(
            $"\"{edit.Key}\" was not changed: {expected}, but {found}. Look it up, check whether the edit is still wanted, and repeat it "
            + "with the version that the lookup found.",
            current);
    }

    private static bool MayBeRepeated(Exception error) =>
        error is not CacheException or CatalogUnavailableException or OutcomeUnknownException or StaleEpochException;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private CacheException Failure(Edit[] edits, bool mayBeMade, Exception? last)
    {
        var seconds = _options.EditDeadline.TotalSeconds;
        var why = last is TimeoutException ? "no answer came" : last?.Message.TrimEnd('.') ?? "there was no time to send it";
        var (what, andOthers) = edits.Length == 1
            ? ($"The edit of \"{edits[0].Key}\"", "")
            : ($"The edits of \"{edits[0].Key}\" and {edits.Length - 1:N0} more books", " and so on");
        return mayBeMade
            ? new OutcomeUnknownException(
                $"{what} may have been made or not, after {seconds:N0} s: {why}. Repeat it with the id {edits[0].Id}{andOthers}, "
                + "which is safe, or look the book up.",
                last)
            : new RegionUnavailableException($"{what} could not be sent to any region within {seconds:N0} s: {why}", last);
    }

    private async Task<EditResult[]> AttemptAsync(string region, int slot, Edit[] edits, TimeSpan budget, CancellationToken cancellation)
    {
        // Before the budget begins: what has not been sent must not end as a silence, whose outcome would be unknown.
        await owners.ConnectAsync(region, cancellation).ConfigureAwait(false);
        var call = owners.EditAsync(region, slot, edits, cancellation);
        try
        {
            return await call.WaitAsync(budget, time, cancellation).ConfigureAwait(false);
        }
        finally
        {
            // Orleans ends an abandoned call by its own timeout.
            call.ObserveError();
        }
    }
}
