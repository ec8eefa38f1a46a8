namespace OrleansCache.Proof.Histories;

/// <summary>What a caller knows of its call once it has ended.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>A lookup's answer.</summary>
    public sealed record Saw : Outcome
    {
        /// <summary>Describes an answer.</summary>
        /// <param name="identity">The row; null only for an absent book of which the answer tells no version.</param>
        /// <param name="content">The id of the edit whose content was seen; null when there was no such book.</param>
        /// <param name="flag">What the answer gave up; null for a plain answer, which alone is held to the guarantees.</param>
        public Saw(Identity? identity, string? content, string? flag = null)
        {
            if (identity is null && content is not null)
                throw new ArgumentException("An answer with a book in it tells the book's version.", nameof(identity));
            (Identity, Content, Flag) = (identity, content, flag);
        }

        /// <summary>The row, where the answer tells it.</summary>
        public Identity? Identity { get; }

        /// <summary>The id of the edit whose content was seen; null when there was no such book.</summary>
        public string? Content { get; }

        /// <summary>What the answer gave up; null for a plain answer.</summary>
        public string? Flag { get; }
    }

    /// <summary>The edit was made and acknowledged.</summary>
    /// <param name="Identity">The row that it wrote; null where its author was not told, as with plain SQL.</param>
    public sealed record Acked(Identity? Identity) : Outcome;

    /// <summary>The edit was acknowledged although it changed nothing: the book was as it asks already.</summary>
    /// <param name="Identity">The row that was there; null where the author was not told.</param>
    public sealed record Unchanged(Identity? Identity) : Outcome;

    /// <summary>The edit was refused because the book was not as its author expected.</summary>
    /// <param name="Identity">The row that stood in the way.</param>
    public sealed record Conflict(Identity Identity) : Outcome;

    /// <summary>A lookup without answer, or an edit that was surely not made.</summary>
    public sealed record Failed : Outcome;

    /// <summary>An edit that may have been made, may be made later, or never.</summary>
    public sealed record Unknown : Outcome;
}
