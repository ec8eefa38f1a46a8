namespace OrleansCache.Proof.Faults;

/// <summary>
/// The faults that the processes of a cluster are ordered to cause: a folder that they share with the test, in which each order is an empty
/// file. Orders survive their processes, so a process that has just started finds them too.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class FaultOrders(string folder)
{
    /// <summary>Orders a fault.</summary>
    /// <param name="what">The fault.</param>
    /// <param name="who">The process that is to cause it.</param>
    public void Give(string what, string who) => File.WriteAllText(PathOf(what, who), "");

    /// <summary>Withdraws an order.</summary>
    /// <returns>Whether no process had taken it.</returns>
    public bool TryWithdraw(string what, string who) => TryTake(what, who);

    public bool Stands(string what, string who) => File.Exists(PathOf(what, who));

    /// <summary>Takes an order that is to be executed once, by the first process that can.</summary>
    public bool TryTake(string what, string who)
    {
        var order = PathOf(what, who);
        if (!File.Exists(order))
            return false;
        try
        {
            // If several processes move the file, only one of them succeeds.
            File.Move(order, Path.Combine(folder, $"taken.{Guid.NewGuid():N}"));
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Records that an ordered fault happened.</summary>
    public void Tell(string what) => File.WriteAllText(Path.Combine(folder, $"done.{what}.{Guid.NewGuid():N}"), "");

    /// <summary>How often that was recorded.</summary>
    public int Told(string what) => Directory.GetFiles(folder, $"done.{what}.*").Length;

    private string PathOf(string what, string who) => Path.Combine(folder, $"{who}.{what}");
}
