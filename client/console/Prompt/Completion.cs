namespace OrleansCache.Cli.Prompt;

/// <summary>What a word may become.</summary>
/// <param name="Start">Where the word starts in the line.</param>
/// <param name="Candidates">The whole words.</param>
/// <param name="MayHaveMore">Whether there are more than are listed.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Candidates, bool MayHaveMore = false)
{
    /// <summary>What all candidates begin with.</summary>
    public string CommonPrefix()
    {
        if (Candidates.Count == 0)
            return "";
        var length = Candidates[0].Length;
        foreach (var candidate in Candidates)
        {
            length = Math.Min(length, candidate.Length);
            while (!candidate.AsSpan(0, length).SequenceEqual(Candidates[0].AsSpan(0, length)))
                length--;
        }

        return Candidates[0][..length];
    }
}
