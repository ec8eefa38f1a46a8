using OrleansCache.Catalogs;

namespace OrleansCache.Owners;

/// <summary>Writes of unknown outcome: the owner raises its own epoch, so that they have either been made or never will be.</summary>
internal sealed partial class EditRunner
{
    private readonly HashSet<string> _indeterminateWrites = [];
    private Task? _raising;

    /// <summary>Whether this owner is about to raise its own epoch, so that a higher one in the catalog may be its own.</summary>
    public bool IsRaising => _raising is { IsCompleted: false };

    /// <summary>Whether the outcome of a write of a key is unknown; nothing is granted on it before the epoch has been raised.</summary>
    public bool IsIndeterminate(string key) => _indeterminateWrites.Contains(key);

    /// <summary>
    /// Makes sure that writes of unknown outcome have either been made or never will be: under the raised epoch, one that is still on its
    /// way is refused. Completes when it is raised.
    /// </summary>
    private Task RaiseAsync() => IsRaising ? _raising! : _raising = RunRaiseAsync();

    private async Task RunRaiseAsync()
    {
        while (leases.Term is { } term && _indeterminateWrites.Count > 0)
        {
            string[] keys = [.. _indeterminateWrites];
            try
            {
                var raised = await services.Feed.RaiseAsync(slot);
                // Another owner's raise may be in between, and so may what it has granted.
                if (raised != term.WriteEpoch + 1)
                {
                    replaced();
                    break;
                }

                term.WriteEpoch = raised;
                InvalidateReads(keys);
                _indeterminateWrites.ExceptWith(keys);
            }
            catch (Exception error) when (error is CacheException or OperationCanceledException)
            {
                await Task.Delay(OwnerTimeouts.RaisePause, services.Clock.TimeProvider);
            }
        }

        // Without a term there is nothing to raise, and whoever waits must not ask again and again.
        if (_indeterminateWrites.Count > 0)
            throw new StaleEpochException($"Another owner has raised the epoch of slot {slot}; it knows what became of the write. Ask it.");
    }
}
