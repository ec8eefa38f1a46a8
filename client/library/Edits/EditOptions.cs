namespace OrleansCache.Client;

/// <summary>The conditions of an edit.</summary>
public sealed record EditOptions
{
    internal static EditOptions Default { get; } = new();

    /// <summary>
    /// The version that the author saw (<see cref="LookupResult.Version"/>): the edit is made only while the book still has it, or while
    /// there is no book when it is 0. Null when any version will do.
    /// </summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>
    /// The tag that goes with <see cref="ExpectedVersion"/>, where the author knows it. After the catalog was restored from a backup the
    /// same version may belong to another edit, and only the tag tells them apart.
    /// </summary>
    public Guid? ExpectedTag { get; init; }

    /// <summary>Whether the book must be new: the same as an <see cref="ExpectedVersion"/> of 0.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>
    /// The edit's id. Null for a new one, which is the usual case. To repeat an edit whose outcome was unknown, give the id that the error
    /// named: if the edit was made, its first result is returned.
    /// </summary>
    public Guid? Id { get; init; }

    internal long? Expected => CreateOnly ? 0 : ExpectedVersion;

    /// <summary>Throws if options contradict each other.</summary>
    /// <exception cref="ArgumentException">They do; the message names them.</exception>
    internal void Validate(bool isRemoval)
    {
        if (ExpectedVersion < 0)
            throw Invalid($"ExpectedVersion is {ExpectedVersion}; it must be 0, for no book, or more.", nameof(ExpectedVersion));
        if (CreateOnly && ExpectedVersion > 0)
            throw Invalid($"CreateOnly is set, and ExpectedVersion is {ExpectedVersion}; set only one of them.", nameof(CreateOnly));
        if (CreateOnly && isRemoval)
            throw Invalid("CreateOnly is set for a removal, which creates nothing; leave it out.", nameof(CreateOnly));
        if (ExpectedTag is not null && Expected is null or 0)
            throw Invalid("ExpectedTag is set without the ExpectedVersion that it goes with; give both.", nameof(ExpectedTag));
        if (Id == Guid.Empty)
            throw Invalid("Id is all zeros; leave it out to get a new one.", nameof(Id));

        static ArgumentException Invalid(string message, string option) => new(message, option);
    }
}
