using System.Collections.Immutable;

namespace OrleansCache.Lookups;

/// <summary>Notes the steps of one lookup whose caller wants to know them. Other lookups have none. Not safe for concurrent use.</summary>
internal sealed class LookupRecorder(string silo, TimeProvider time)
{
    private readonly List<LookupStep> _steps = [];
    private readonly long _began = time.GetTimestamp();

    /// <summary>The current timestamp, with which a step begins.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Notes a step that ends now.</summary>
    /// <param name="tier">Who was asked.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="began">When it began, as a timestamp; null for now.</param>
    /// <param name="node">The node that was asked.</param>
    /// <param name="isFormer">Whether the key belonged to that node only before the ring changed.</param>
    public void Note(Tier tier, LookupStepResult result, long? began = null, string? node = null, bool isFormer = false)
    {
        var start = began ?? time.GetTimestamp();
        _steps.Add(new(tier, result, time.GetElapsedTime(_began, start), time.GetElapsedTime(start), node, isFormer));
    }

    /// <summary>Notes the answer of an owner, and the query that it made for it.</summary>
    /// <param name="grant">The answer.</param>
    /// <param name="began">When the owner was asked, as a timestamp.</param>
    public void NoteOwner(LeaseGrant grant, long began)
    {
        var known = grant.Row is null ? LookupStepResult.Confirmed : LookupStepResult.Hit;
        var hasRead = grant.Source is GrantSource.Catalog;
        Note(Tier.Owner, hasRead ? LookupStepResult.Miss : known, began);
        if (!hasRead)
            return;
        // The owner says how long the query took; when it began follows from the ways to the owner and back, which are equally long.
        var owner = _steps[^1];
        var taken = grant.Age < owner.Elapsed ? grant.Age : owner.Elapsed;
        _steps.Add(new(Tier.Catalog, LookupStepResult.Read, owner.Start + ((owner.Elapsed - taken) / 2), taken));
    }

    /// <summary>The answer with what was noted.</summary>
    public TracedAnswer Of(LookupAnswer? answer) =>
        new(answer, new(silo, time.GetElapsedTime(_began), [.. _steps]));
}
