namespace OrleansCache.Engine.Tests.Values;

/// <summary>A grain that keeps what it is given and hands out what it keeps.</summary>
[Alias("OrleansCache.Engine.Tests.IShelfGrain")]
public interface IShelfGrain : IGrainWithStringKey
{
    /// <summary>Keeps the very object that arrived.</summary>
    [Alias("Keep")]
    Task Keep(Crate crate);

    /// <summary>Hands out the very object that it keeps.</summary>
    [Alias("Give")]
    Task<Crate> Give();

    /// <summary>Changes what it keeps.</summary>
    [Alias("Spoil")]
    Task Spoil();

    /// <summary>What it keeps, as a text.</summary>
    [Alias("Describe")]
    Task<string> Describe();

    /// <summary>Keeps a list; a plain collection is copied as well.</summary>
    [Alias("KeepList")]
    Task KeepList(List<int> list);

    /// <summary>Hands out the list.</summary>
    [Alias("GiveList")]
    Task<List<int>> GiveList();

    /// <summary>Asks another grain to keep a crate, changes it afterwards and asks for what was kept.</summary>
    [Alias("Pass")]
    Task<string> Pass(string to, Crate crate);

    /// <summary>Keeps the very immutable value that arrived.</summary>
    [Alias("KeepParcel")]
    Task KeepParcel(Parcel parcel);

    /// <summary>Hands out the very immutable value that it keeps.</summary>
    [Alias("GiveParcel")]
    Task<Parcel?> GiveParcel();

    /// <summary>Sends an immutable value back.</summary>
    [Alias("Return")]
    Task<Parcel?> Return(Parcel? parcel);

    /// <summary>Sends several values back.</summary>
    [Alias("ReturnAll")]
    ValueTask<IReadOnlyList<Parcel>> ReturnAll(IReadOnlyList<Parcel> parcels);
}
