namespace OrleansCache.Proof.Faults;

/// <summary>
/// What the processes of a cluster are ordered to do wrong: a folder that they share with the test, in which each order is an empty file.
/// It outlives every one of them, and tells the same to one that has just been started.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class FaultOrders(string folder)
{
    /// <summary>Orders something.</summary>
    /// <param name="what">What is to be done.</param>
    /// <param name="who">The process that is to do it.</param>
    public void Give(string what, string who) => File.WriteAllText(PathOf(what, who), "");

    /// <summary>Takes an order back.</summary>
    /// <returns>Whether nobody had taken it on.</returns>
    public bool TryWithdraw(string what, string who) => TryTake(what, who);

    /// <summary>Whether an order stands.</summary>
    public bool Stands(string what, string who) => File.Exists(PathOf(what, who));

    /// <summary>Takes an order on that is to be done once, by whoever comes first.</summary>
    public bool TryTake(string what, string who)
    {
        var order = PathOf(what, who);
        if (!File.Exists(order))
            return false;
        try
        {
            // Of several that move a file away only one finds it.
            File.Move(order, Path.Combine(folder, $"taken.{Guid.NewGuid():N}"));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Says that something ordered was really done.</summary>
    public void Tell(string what) => File.WriteAllText(Path.Combine(folder, $"done.{what}.{Guid.NewGuid():N}"), "");

    /// <summary>How often that was said.</summary>
    public int Told(string what) => Directory.GetFiles(folder, $"done.{what}.*").Length;

    private string PathOf(string what, string who) => Path.Combine(folder, $"{who}.{what}");
}
