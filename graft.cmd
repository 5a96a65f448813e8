@echo off
rem Starts Graft. The first call builds it (a JDK 17 or later is all that is needed); each later one starts at once.
rem
rem   GRAFT_JAVA_OPTS   further options for Java, such as -Xmx4g
rem   JAVA_HOME         the Java to use; otherwise the one on the path
rem   GRAFT_CACHE       where features and the unpacked backbone are kept between runs

setlocal
set "GRAFT_HOME=%~dp0"
set "GRAFT_TARGET=%GRAFT_HOME%cli\target"
set "GRAFT_JAR=%GRAFT_TARGET%\graft-cli.jar"
set "GRAFT_ARCHIVE=%GRAFT_TARGET%\graft.jsa"
set "GRAFT_JVM=-Xmx1g -Xmn128m -XX:+UseSerialGC -Xshare:auto -Xlog:disable -Xlog:all=error:stderr"

if defined JAVA_HOME (
  set "GRAFT_JAVA=%JAVA_HOME%\bin\java.exe"
) else (
  set "GRAFT_JAVA=java.exe"
)
if defined JAVA_HOME if not exist "%JAVA_HOME%\bin\java.exe" (
  echo graft: error: JAVA_HOME is %JAVA_HOME%, but it holds no bin\java.exe. Set JAVA_HOME to a JDK 17 or later.>&2
  exit /b 5
)
if not defined JAVA_HOME (
  where java.exe >nul 2>nul
  if errorlevel 1 (
    echo graft: error: there is no java on the path. Install a JDK 17 or later, or set JAVA_HOME.>&2
    exit /b 5
  )
)

if exist "%GRAFT_JAR%" goto built
echo graft: first use: building Graft ^(some minutes; later starts take a second^) ...>&2
pushd "%GRAFT_HOME%"
call mvnw.cmd -q -B -ntp -P "!static-analysis" -Dmaven.test.skip=true -pl cli -am package 1>&2
set "GRAFT_BUILD=%ERRORLEVEL%"
popd
if not "%GRAFT_BUILD%"=="0" (
  echo graft: error: the build failed. See above; a JDK 17 or later and a connection for the first download are needed.>&2
  exit /b 5
)
del /q "%GRAFT_ARCHIVE%" 2>nul

:built
if exist "%GRAFT_TARGET%\native" set GRAFT_JVM=%GRAFT_JVM% "-Donnxruntime.native.path=%GRAFT_TARGET%\native"
if exist "%GRAFT_ARCHIVE%" goto start
echo graft: checking the installation ...>&2
"%GRAFT_JAVA%" %GRAFT_JVM% "-XX:ArchiveClassesAtExit=%GRAFT_ARCHIVE%.new" -jar "%GRAFT_JAR%" rehearse 1>&2
if errorlevel 1 echo graft: warning: the check after the build failed, see above.>&2
if exist "%GRAFT_ARCHIVE%.new" (
  move /y "%GRAFT_ARCHIVE%.new" "%GRAFT_ARCHIVE%" >nul
) else (
  type nul > "%GRAFT_ARCHIVE%"
)

:start
"%GRAFT_JAVA%" %GRAFT_JVM% "-XX:SharedArchiveFile=%GRAFT_ARCHIVE%" %GRAFT_JAVA_OPTS% -jar "%GRAFT_JAR%" %*
exit /b %ERRORLEVEL%
