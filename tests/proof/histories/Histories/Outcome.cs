namespace OrleansCache.Proof.Histories;

/// <summary>What a caller knows about its call when it has ended.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>A lookup's answer.</summary>
    public sealed record Saw : Outcome
    {
        /// <summary>Describes an answer.</summary>
        /// <param name="identity">The row; null only for an absent book if the answer contains no version.</param>
        /// <param name="content">The id of the edit whose content was seen; null if there was no book.</param>
        /// <param name="flag">The answer's flags; null for a plain answer. Only plain answers must keep the guarantees.</param>
        public Saw(Identity? identity, string? content, string? flag = null)
        {
            if (identity is null && content is not null)
                throw new ArgumentException("An answer with a book must have the book's identity.", nameof(identity));
            (Identity, Content, Flag) = (identity, content, flag);
        }

        /// <summary>The row, if the answer contains it.</summary>
        public Identity? Identity { get; }

        /// <summary>The id of the edit whose content was seen; null if there was no book.</summary>
        public string? Content { get; }

        /// <summary>The answer's flags; null for a plain answer.</summary>
        public string? Flag { get; }
    }

    /// <summary>The edit was made and acknowledged.</summary>
    /// <param name="Identity">The row that it wrote; null if its author does not know it, as with plain SQL.</param>
    public sealed record Acked(Identity? Identity) : Outcome;

    /// <summary>The edit was acknowledged but changed nothing, because the book had the requested content already.</summary>
    /// <param name="Identity">The current row; null if the author does not know it.</param>
    public sealed record Unchanged(Identity? Identity) : Outcome;

    /// <summary>The edit was refused because the book was not as expected.</summary>
    /// <param name="Identity">The row that was there instead.</param>
    public sealed record Conflict(Identity Identity) : Outcome;

    /// <summary>A lookup without an answer, or an edit that was certainly not made.</summary>
    public sealed record Failed : Outcome;

    /// <summary>An edit that may have been made, or may be made later, or never.</summary>
    public sealed record Unknown : Outcome;
}
