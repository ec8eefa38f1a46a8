namespace OrleansCache.Client;

/// <summary>What an edit depends on.</summary>
public sealed record EditOptions
{
    internal static EditOptions Default { get; } = new();

    /// <summary>
    /// The version that the author saw (<see cref="LookupResult.Version"/>): the edit is made only while the book still has it, or while there
    /// is no book when it is 0. Null when it does not matter.
    /// </summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>The tag that goes with <see cref="ExpectedVersion"/>, where the author knows it; it tells histories apart after a restore of the catalog.</summary>
    public Guid? ExpectedTag { get; init; }

    /// <summary>Whether the book must be new: the same as an <see cref="ExpectedVersion"/> of 0.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>
    /// The edit's id. Null gives it a new one, which is what nearly every author wants; whoever repeats an edit whose outcome was unknown gives
    /// the id that the error named, and gets the first result if it had been made.
    /// </summary>
    public Guid? Id { get; init; }

    internal long? Expected => CreateOnly ? 0 : ExpectedVersion;

    /// <summary>Refuses options that contradict each other.</summary>
    /// <exception cref="ArgumentException">They do; the message names them.</exception>
    internal void Validate(bool isRemoval)
    {
        if (ExpectedVersion < 0)
            throw new ArgumentException($"ExpectedVersion is {ExpectedVersion}; versions count from 1, and 0 stands for no book.", nameof(ExpectedVersion));
        if (CreateOnly && ExpectedVersion > 0)
            throw new ArgumentException($"CreateOnly goes with no ExpectedVersion, but it is {ExpectedVersion}; a book that is new has no version yet.", nameof(CreateOnly));
        if (CreateOnly && isRemoval)
            throw new ArgumentException("CreateOnly cannot be asked of a removal, which creates nothing.", nameof(CreateOnly));
        if (ExpectedTag is not null && Expected is null or 0)
            throw new ArgumentException("ExpectedTag says nothing without the ExpectedVersion that it goes with; give both.", nameof(ExpectedTag));
        if (Id == Guid.Empty)
            throw new ArgumentException("The Id of an edit cannot be all zeros; leave it out to get a new one.", nameof(Id));
    }
}
