namespace OrleansCache.Engine.Tests.Errors;

/// <summary>A grain that fails as it is told.</summary>
[Alias("OrleansCache.Engine.Tests.IFaultyGrain")]
public interface IFaultyGrain : IGrainWithStringKey
{
    /// <summary>Throws a <see cref="ShelfException"/>.</summary>
    [Alias("ThrowOwn")]
    Task ThrowOwn(string message, string shelf, int row);

    /// <summary>The same, where a result was promised, before the first await.</summary>
    [Alias("ThrowAtOnce")]
    ValueTask<int> ThrowAtOnce(string message);

    /// <summary>Throws an <see cref="UnsendableException"/>.</summary>
    [Alias("ThrowUnsendable")]
    Task ThrowUnsendable(string message);

    /// <summary>Throws one of the framework's.</summary>
    [Alias("ThrowFrameworks")]
    Task ThrowFrameworks(string message);

    /// <summary>Calls another one that throws, and lets the error through.</summary>
    [Alias("ThrowThrough")]
    Task ThrowThrough(string other);

    /// <summary>Works.</summary>
    [Alias("Works")]
    Task<bool> Works();
}
