namespace OrleansCache.Engine.Tests.Values;

/// <summary>A value that can be changed, with parts that can be.</summary>
[GenerateSerializer, Alias("OrleansCache.Engine.Tests.Crate")]
public sealed class Crate
{
    /// <summary>A label.</summary>
    [Id(0)]
    public string Label { get; set; } = "";

    /// <summary>A list inside.</summary>
    [Id(1)]
    public List<string> Things { get; set; } = [];

    /// <summary>An array inside.</summary>
    [Id(2)]
    public byte[] Bytes { get; set; } = [];

    /// <summary>A map inside.</summary>
    [Id(3)]
    public Dictionary<string, int> Numbers { get; set; } = [];

    /// <summary>A crate inside.</summary>
    [Id(4)]
    public Crate? Inner { get; set; }

    /// <summary>A crate with something in every part.</summary>
    public static Crate Full() => new()
    {
        Label = "outer", Things = ["one"], Bytes = [1], Numbers = { ["a"] = 1 }, Inner = new Crate { Label = "inner", Things = ["two"] },
    };

    /// <summary>Changes every part.</summary>
    public void Spoil()
    {
        Label = "spoiled";
        Things[0] = "spoiled";
        Things.Add("more");
        Bytes[0] = 99;
        Numbers["a"] = 99;
        if (Inner is { } inner)
        {
            inner.Label = "spoiled";
            inner.Things[0] = "spoiled";
        }
    }

    /// <summary>All parts as a text, to compare two crates.</summary>
    public string Describe() =>
        $"{Label}[{string.Join(',', Things)}][{string.Join(',', Bytes)}][{string.Join(',', Numbers)}]({Inner?.Describe()})";
}
